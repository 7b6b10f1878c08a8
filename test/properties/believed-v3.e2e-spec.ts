import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EmulatorExchange, EmulatorReply } from 'nestjs-wechatpay/emulator';

import { rsaPair } from '../support/keys.js';
import type { TestShop } from '../support/test-shop.js';
import { PATIENCE_MS, runs } from './runs.js';
import { type Keys, type Opinion, SecondOpinion } from './second-opinion.js';
import { closeSpoiled, keysOf, openTwoMerchants, OURS, ourOpinion } from './two-merchants.js';

let shop: TestShop;
let keys: Keys & { readonly ownKey: string };
let judge: SecondOpinion;
const stranger = rsaPair();
const earlier: EmulatorReply[] = [];
beforeAll(async () => {
  shop = await openTwoMerchants();
  keys = keysOf(shop);
  judge = new SecondOpinion(keys);
});
afterAll(() => shop.close());

const HEADERS = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'] as const;
const CODES = [
  'ORDER_CLOSED',
  'ORDERCLOSED',
  'ORDER_PAID',
  'ORDERPAID',
  'ORDER_NOT_EXIST',
  'ORDERNOTEXIST',
  'USER_PAYING',
  'SYSTEM_ERROR',
  'PARAM_ERROR',
  'TRADE_ERROR',
  'NEW_CODE',
];

const header = fc.constantFrom(...HEADERS);
/** Texts that a header's value is turned into. */
const twist = fc.constantFrom(
  'empty',
  'blank',
  'prefixed',
  'inner blank',
  'cut',
  'longer',
  'lower case',
  'URL-safe',
  'unpadded',
  'spare bits',
  'probe',
  '__proto__',
);
/** Seconds from the shop's time. */
const offset = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(-301, -300, 300, 301) },
  { weight: 1, arbitrary: fc.integer({ min: -2_000, max: 2_000 }) },
);

const spoiling = fc.oneof(
  fc.record({ do: fc.constant('status'), status: fc.constantFrom(200, 202, 204, 302, 400, 401, 404, 429, 500, 502) }),
  fc.record({
    do: fc.constant('body'),
    how: fc.constantFrom('flip', 'cut', 'append', 'empty', 'html'),
    at: fc.nat(999),
  }),
  fc.record({ do: fc.constant('say'), code: fc.constantFrom(...CODES), as: fc.constantFrom('text', 'list', 'nested') }),
  fc.record({ do: fc.constant('drop'), header }),
  fc.record({ do: fc.constant('double'), header, first: fc.boolean(), same: fc.boolean() }),
  fc.record({ do: fc.constant('change'), header, twist }),
  fc.record({ do: fc.constant('respell'), header }),
  fc.record({
    do: fc.constant('type'),
    value: fc.constantFrom('', 'WECHATPAY2-SM2-WITH-SM3', 'WECHATPAY2-SHA256-RSA2048'),
  }),
  fc.record({ do: fc.constant('encode'), coding: fc.constantFrom('gzip', 'identity') }),
  fc.record({ do: fc.constant('replay'), at: fc.nat() }),
  fc.record({ do: fc.constant('stamp'), time: offset }),
  fc.record({
    do: fc.constant('sign'),
    key: fc.constantFrom('right', 'right', 'platform', 'merchant', 'stranger'),
    serial: fc.constantFrom('right', 'right', 'platform', 'unknown', 'constructor'),
    time: fc.oneof(offset, fc.constantFrom('', '0', '1.7e9', 'NaN', '0x65000000', '17000000000', '-1')),
    nonce: fc.option(fc.constantFrom('x', 'seen', 'n'.repeat(32)), { nil: undefined }),
  }),
);
type Spoiling = typeof spoiling extends fc.Arbitrary<infer T> ? T : never;

function twisted(value: string, how: string): string {
  switch (how) {
    case 'empty':
      return '';
    case 'blank':
      return '   ';
    case 'prefixed':
      return `  ${value} `;
    case 'inner blank':
      return `${value.slice(0, 4)} ${value.slice(4)}`;
    case 'cut':
      return value.slice(0, -1);
    case 'longer':
      return `${value}0`;
    case 'lower case':
      return value.toLowerCase();
    case 'URL-safe':
      return value.replaceAll('+', '-').replaceAll('/', '_');
    case 'unpadded':
      return value.replaceAll('=', '');
    case 'spare bits':
      return value.replace(/.==$/, (end) => `${{ A: 'B', Q: 'R', g: 'h', w: 'x' }[end[0] ?? ''] ?? 'B'}==`);
    case 'probe':
      return `WECHATPAY/SIGNTEST/${value}`;
    default:
      return how;
  }
}

function bodyAs(body: Buffer, how: string, at: number): Buffer {
  switch (how) {
    case 'flip': {
      const copy = Buffer.from(body.length === 0 ? ' ' : body);
      const index = at % copy.length;
      copy[index] = (copy[index] ?? 0) ^ (1 << (at % 8));
      return copy;
    }
    case 'cut':
      return body.subarray(0, at % (body.length + 1));
    case 'append':
      return Buffer.concat([body, Buffer.from('\n')]);
    case 'html':
      return Buffer.from('<html>502 Bad Gateway</html>');
    default:
      return Buffer.alloc(0);
  }
}

function spoiled(reply: EmulatorReply, next: Spoiling, { sign }: EmulatorExchange, now: number): EmulatorReply {
  const change = (edit: (name: string, value: string) => [string, string][]): EmulatorReply => ({
    ...reply,
    headers: reply.headers.flatMap(([name, value]) => edit(name, value)),
  });
  switch (next.do) {
    case 'status':
      return { ...reply, status: next.status };
    case 'body':
      return { ...reply, body: bodyAs(reply.body, next.how, next.at) };
    case 'say': {
      const code = next.as === 'list' ? [next.code] : next.code;
      const said = next.as === 'nested' ? { error: { code } } : { code, message: 'x' };
      return { ...reply, body: Buffer.from(JSON.stringify(said)) };
    }
    case 'drop':
      return change((name, value) => (name === next.header ? [] : [[name, value]]));
    case 'double':
      return change((name, value) => {
        if (name !== next.header) return [[name, value]];
        const other: [string, string] = [name, next.same ? value : 'x'];
        return next.first ? [other, [name, value]] : [[name, value], other];
      });
    case 'change':
      return change((name, value) => [[name, name === next.header ? twisted(value, next.twist) : value]]);
    case 'respell':
      return change((name, value) => [[name === next.header ? name.toUpperCase() : name, value]]);
    case 'type':
      return change((name, value) => [[name, name === 'Wechatpay-Signature-Type' ? next.value : value]]);
    case 'encode':
      return { ...reply, headers: [...reply.headers, ['Content-Encoding', next.coding]] };
    case 'replay':
      return earlier.length === 0 ? reply : (earlier[next.at % earlier.length] ?? reply);
    case 'stamp':
      return sign(reply, { timestamp: Math.floor(now / 1_000) + next.time });
    case 'sign': {
      const { platform } = shop.emulator.keys;
      const privateKey = {
        right: undefined,
        platform: platform.privateKey,
        merchant: keys.ownKey,
        stranger: stranger.privateKey,
      };
      const serial = {
        right: undefined,
        platform: platform.serial,
        unknown: '0'.repeat(40),
        constructor: 'constructor',
      };
      const seen = earlier.at(-1)?.headers.find(([name]) => name === 'Wechatpay-Nonce')?.[1] ?? 'x';
      return sign(reply, {
        privateKey: privateKey[next.key],
        serial: serial[next.serial],
        timestamp: typeof next.time === 'number' ? Math.floor(now / 1_000) + next.time : next.time,
        nonce: next.nonce === 'seen' ? seen : next.nonce,
      });
    }
  }
}

const state = fc.constantFrom('open', 'open', 'paid', 'closed', 'absent' as const);
const tally: Record<Opinion, number> = { closed: 0, paid: 0, notFound: 0, nothing: 0 };
let count = 0;

it(
  'an APIv3 reply is believed if, and only if, a second implementation of the protocol believes it',
  async () => {
    const spoilings = fc.oneof(
      { weight: 1, arbitrary: fc.constant<Spoiling[]>([]) },
      { weight: 9, arbitrary: fc.array(spoiling, { minLength: 1, maxLength: 3 }) },
    );
    await fc.assert(
      fc.asyncProperty(state, spoilings, async (order, changes) => {
        const out_trade_no = `BELIEF${++count}`;
        if (order !== 'absent') shop.emulator.place({ out_trade_no });
        if (order === 'paid') shop.emulator.pay(out_trade_no);
        const undo = shop.emulator.beforeSigning(() =>
          order === 'closed' ? { status: 400, body: { code: 'ORDER_CLOSED', message: 'x' } } : undefined,
        );
        const now = Date.now();
        shop.clock.stoppedAt = now;
        let original: EmulatorReply | undefined;
        const { ended, reply } = await closeSpoiled(
          shop,
          shop.service.direct({ mchid: OURS, out_trade_no }),
          (first, exchange) => {
            original = first;
            return changes.reduce((current, next) => spoiled(current, next, exchange, now), first);
          },
        );
        undo();
        if (original !== undefined) earlier.push(original, reply);
        if (earlier.length > 40) earlier.splice(0, 2);

        const ours = ourOpinion(ended);
        const theirs = judge.ofV3(reply, now);
        expect(ours).toBe(theirs);
        if (changes.length === 0) {
          expect(ours).toBe({ open: 'closed', paid: 'paid', closed: 'closed', absent: 'notFound' }[order]);
        }
        tally[ours]++;
      }),
      runs(1_000),
    );
    // Both believed and disbelieved often enough for the agreement to mean something.
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(20);
  },
  PATIENCE_MS,
);
