import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';

import type { TestShop } from '../support/test-shop.js';
import { PATIENCE_MS, runs } from './runs.js';
import { type Opinion, readFlatXml, SecondOpinion, signV2 } from './second-opinion.js';
import { closeSpoiled, keysOf, openTwoMerchants, OTHERS, OURS, ourOpinion, SUB_MERCHANT } from './two-merchants.js';

let shop: TestShop;
let keys: ReturnType<typeof keysOf>;
let judge: SecondOpinion;
const earlier: EmulatorReply[] = [];
beforeAll(async () => {
  shop = await openTwoMerchants();
  keys = keysOf(shop);
  judge = new SecondOpinion(keys);
});
afterAll(() => shop.close());

const CODES = [
  'ORDERCLOSED',
  'ORDER_CLOSED',
  'ORDERPAID',
  'ORDERNOTEXIST',
  'USERPAYING',
  'SYSTEMERROR',
  'SIGNERROR',
  '',
];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  return_code: ['FAIL', 'success', '', 'SUCCESS'],
  result_code: ['FAIL', 'SUCCESS', ''],
  err_code: CODES,
  appid: ['wx0000000000000000', ''],
  mch_id: [OTHERS, '', ` ${OURS}`],
  sub_mch_id: [SUB_MERCHANT, OTHERS, ''],
  sub_appid: ['wx1111111111111111', 'wx0000000000000000', ''],
  nonce_str: ['', 'x'],
  out_trade_no: ['OTHER00001'],
  total_fee: ['1'],
  attach: ['<&>', '中文'],
};

/** Changes of what is said, which is signed again afterwards or not. */
const change = fc.oneof(
  fc
    .constantFrom(...Object.keys(VALUES))
    .chain((name) =>
      fc.record({ do: fc.constant('set'), name: fc.constant(name), value: fc.constantFrom(...(VALUES[name] ?? [])) }),
    ),
  fc.record({ do: fc.constant('refuse'), code: fc.constantFrom(...CODES) }),
  fc.record({
    do: fc.constant('drop'),
    name: fc.constantFrom('return_code', 'result_code', 'appid', 'mch_id', 'nonce_str', 'sub_mch_id'),
  }),
);
const signing = fc.constantFrom(
  'as asked',
  'as asked',
  'as asked',
  'otherwise',
  'with the key of others',
  'without a key',
  'not again',
  'not at all',
);
/** Changes of the finished bytes. */
const finish = fc.oneof(
  fc.record({
    do: fc.constant('bytes'),
    how: fc.constantFrom(
      'cut',
      'flip',
      'mark',
      'declaration',
      'blanks',
      'plain text',
      'entities',
      'doctype',
      'comment',
      'instruction',
      'attribute',
      'twice',
      'second root',
      'lower-case sign',
      'nested sign',
      'sign twice',
      'split',
      'UTF-16',
    ),
    at: fc.nat(4_095),
  }),
  fc.record({ do: fc.constant('status'), status: fc.constantFrom(200, 202, 204, 400, 500, 502) }),
  fc.record({ do: fc.constant('replay'), at: fc.nat() }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
type Finish = typeof finish extends fc.Arbitrary<infer T> ? T : never;

function changed(fields: Map<string, string>, next: Change): Map<string, string> {
  if (next.do === 'set') return fields.set(next.name, next.value);
  if (next.do === 'refuse') return fields.set('result_code', 'FAIL').set('err_code', next.code);
  fields.delete(next.name);
  return fields;
}

function signed(fields: Map<string, string>, how: string, asked: string): Map<string, string> {
  const other = asked === 'MD5' ? 'HMAC-SHA256' : 'MD5';
  const sign: Record<string, () => string> = {
    'as asked': () => signV2(fields, keys.apiV2Key, asked),
    otherwise: () => signV2(fields, keys.apiV2Key, other),
    'with the key of others': () => signV2(fields, keys.othersV2Key, asked),
    'without a key': () => signV2(fields, '', 'MD5'),
  };
  if (how === 'not at all') fields.delete('sign');
  const value = sign[how]?.();
  return value === undefined ? fields : fields.set('sign', value);
}

function xmlOf(fields: ReadonlyMap<string, string>): Buffer {
  const leaves = [...fields].map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`);
  return Buffer.from(`<xml>${leaves.join('')}</xml>`);
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function bytesAs(body: Buffer, how: string, at: number): Buffer {
  const text = body.toString();
  const replaced = (from: string | RegExp, to: string) => Buffer.from(text.replace(from, () => to));
  switch (how) {
    case 'cut':
      return body.subarray(0, at % (body.length + 1));
    case 'flip': {
      const copy = Buffer.from(body);
      const index = at % Math.max(1, copy.length);
      if (copy.length > 0) copy[index] = (copy[index] ?? 0) ^ (1 << (at % 8));
      return copy;
    }
    case 'mark':
      return Buffer.from(`\uFEFF${text}`);
    case 'declaration':
      return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);
    case 'blanks':
      return Buffer.from(text.replaceAll('><', '>\n <'));
    case 'plain text':
      return Buffer.from(text.replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, value: string) => escaped(value)));
    case 'entities':
      return replaced('<![CDATA[SUCCESS]]>', '&s;');
    case 'doctype':
      return Buffer.from(`<!DOCTYPE xml [<!ENTITY s "SUCCESS">]>${text}`);
    case 'comment':
      return replaced('SUCCESS', 'SUC<!-- -->CESS');
    case 'instruction':
      return replaced('</xml>', '<?x y?></xml>');
    case 'attribute':
      return replaced('<result_code>', '<result_code a="1">');
    case 'twice':
      return replaced('</xml>', '<result_code>FAIL</result_code></xml>');
    case 'second root':
      return Buffer.from(`${text}<xml><a>1</a></xml>`);
    case 'lower-case sign':
      return Buffer.from(text.replace(/<sign>.*?<\/sign>/, (sign) => sign.toLowerCase().replace('cdata', 'CDATA')));
    case 'nested sign':
      return Buffer.from(text.replace(/<sign>(.*?)<\/sign>/, '<sign><sign>$1</sign></sign>'));
    case 'sign twice':
      return Buffer.from(text.replace(/<sign>.*?<\/sign>/, '$&$&'));
    case 'split':
      return replaced('SUCCESS', 'SUCC]]><![CDATA[ESS');
    default:
      return Buffer.from(text, 'utf16le');
  }
}

function finished(reply: EmulatorReply, next: Finish): EmulatorReply {
  if (next.do === 'status') return { ...reply, status: next.status };
  if (next.do === 'bytes') return { ...reply, body: bytesAs(reply.body, next.how, next.at) };
  return earlier.length === 0 ? reply : (earlier[next.at % earlier.length] ?? reply);
}

const request = fc.record(
  {
    sign_type: fc.constantFrom('MD5', 'HMAC-SHA256' as const),
    sub: fc.constantFrom('none', 'merchant', 'merchant and appid'),
    state: fc.constantFrom('open', 'open', 'open', 'paid', 'closed', 'absent'),
  },
  { noNullPrototype: true },
);
const spoilings = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ changes: [] as Change[], how: 'not again', finishes: [] as Finish[] }) },
  {
    weight: 9,
    arbitrary: fc.record({
      changes: fc.oneof(fc.constant<Change[]>([]), fc.array(change, { minLength: 1, maxLength: 3 })),
      how: signing,
      finishes: fc.oneof(fc.constant<Finish[]>([]), fc.array(finish, { minLength: 1, maxLength: 2 })),
    }),
  },
);
const tally: Record<Opinion, number> = { closed: 0, paid: 0, notFound: 0, nothing: 0 };
let count = 0;

it(
  'an APIv2 reply is believed if, and only if, a second implementation of the protocol believes it',
  async () => {
    await fc.assert(
      fc.asyncProperty(request, spoilings, async ({ sign_type, sub, state }, { changes, how, finishes }) => {
        const out_trade_no = `BELIEF${++count}`;
        const isSub = sub !== 'none';
        if (state !== 'absent') {
          const placed = shop.emulator.place({ out_trade_no, ...(isSub && { sub_mchid: SUB_MERCHANT }) });
          if (state === 'paid') shop.emulator.pay(placed);
        }
        const undo = shop.emulator.beforeSigning((answer) =>
          state === 'closed' && 'fields' in answer
            ? { fields: { ...answer.fields, result_code: 'FAIL', err_code: 'ORDERCLOSED', err_code_des: 'x' } }
            : undefined,
        );
        const call = shop.service.v2({
          mch_id: OURS,
          out_trade_no,
          sign_type,
          ...(isSub && { sub_mch_id: SUB_MERCHANT }),
          ...(sub === 'merchant and appid' && { sub_appid: 'wx1111111111111111' }),
        });
        let original: EmulatorReply | undefined;
        const {
          ended,
          request: sent,
          reply,
        } = await closeSpoiled(shop, call, (first) => {
          original = first;
          const isPlain = changes.length === 0 && how === 'not again';
          const said = changes.reduce(changed, readFlatXml(first.body) ?? new Map<string, string>());
          const resigned = isPlain ? first : { ...first, body: xmlOf(signed(said, how, sign_type)) };
          return finishes.reduce(finished, resigned);
        });
        undo();
        if (original !== undefined) earlier.push(original, reply);
        if (earlier.length > 40) earlier.splice(0, 2);

        const ours = ourOpinion(ended);
        expect(ours).toBe(judge.ofV2(sent, reply));
        if (changes.length + finishes.length === 0 && ['not again', 'as asked'].includes(how)) {
          expect(ours).toBe({ open: 'closed', paid: 'paid', closed: 'closed', absent: 'notFound' }[state]);
        }
        tally[ours]++;
      }),
      runs(1_000),
    );
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(20);
  },
  PATIENCE_MS,
);
