import { randomUUID, sign } from 'node:crypto';

import { HttpService } from '@nestjs/axios';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import fc from 'fast-check';
import {
  CloseOrderService,
  combineVariant,
  directVariant,
  v2Variant,
  WechatPayError,
  WechatPayModule,
} from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { EMPTY, type Observable, of, throwError } from 'rxjs';

import { keys, ONE_TRY } from '../support/test-shop.js';
import { PATIENCE_MS, runs } from './runs.js';
import { signV2 } from './second-opinion.js';

let app: INestApplicationContext;
let service: CloseOrderService;
let apiV2Key: string;
let answer: () => Observable<unknown>;
beforeAll(async () => {
  const emulator = await WechatPayEmulator.start({ keys });
  apiV2Key = emulator.credentials.merchants[0]?.apiV2Key ?? '';
  const options = { ...emulator.options('both'), ...ONE_TRY };
  await emulator.stop();
  // Whatever comes through HttpService, its interceptors included.
  const module = await Test.createTestingModule({ imports: [WechatPayModule.forRoot(options)] })
    .overrideProvider(HttpService)
    .useValue({ request: () => answer() })
    .compile();
  app = await module.init();
  service = app.get(CloseOrderService);
});
afterAll(() => app.close());

const out_trade_no = 'ANYTHING01';
const parts = ['1', '2'].map((end) => ({ mchid: '1900000109', out_trade_no: `ANYTHING01-${end}` }));
const combined = { combine_appid: 'wx8888888888888888', combine_out_trade_no: 'ANYTHING01', sub_orders: parts };
const CALLS: Readonly<Record<string, () => Observable<unknown>>> = {
  direct: () => service.direct({ out_trade_no }),
  combine: () => service.combine(combined),
  v2: () => service.v2({ out_trade_no }),
  'query direct': () => service.query(directVariant, { out_trade_no }),
  'query combine': () => service.query(combineVariant, combined),
  'query v2': () => service.query(v2Variant, { out_trade_no }),
};

const status = fc.oneof(
  fc.constantFrom(200, 200, 200, 200, 202, 204, 204, 204, 400, 301, 400, 401, 403, 404, 429, 500, 502, 503),
  fc.integer({ min: 100, max: 999 }),
);
const state = fc.constantFrom('SUCCESS', 'CLOSED', 'NOTPAY', 'REFUND', 'ACCEPT', 'whatever', '');
const code = fc.constantFrom(
  'ORDER_CLOSED',
  'ORDER_PAID',
  'ORDER_NOT_EXIST',
  'ORDER_PAID',
  'ORDER_NOT_EXIST',
  'SYSTEM_ERROR',
  'USER_PAYING',
  'SIGN_ERROR',
  '',
);
const junk = fc.anything({ withNullPrototype: true, withDate: true, withSparseArray: true });
/** Mostly what the protocol says, sometimes anything, sometimes nothing. */
const mostly = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 8, arbitrary: usual },
    { weight: 1, arbitrary: junk },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
const said = fc.record(
  {
    code: mostly(code),
    message: mostly(fc.string({ unit: 'binary' })),
    detail: mostly(fc.dictionary(fc.string(), fc.string())),
    out_trade_no: mostly(fc.constantFrom(out_trade_no, out_trade_no, 'OTHER00001')),
    mchid: mostly(fc.constantFrom('1900000109', '1900000109', '1')),
    trade_state: mostly(state),
    combine_out_trade_no: mostly(fc.constantFrom('ANYTHING01', 'ANYTHING01', 'x')),
    sub_orders: mostly(
      fc.oneof(
        state.map((trade_state) => parts.map((part) => ({ ...part, trade_state }))),
        fc.tuple(...parts.map((part) => fc.constantFrom<unknown[]>(null, 1, [], {}, part))),
      ),
    ),
  },
  { noNullPrototype: true },
);
/** JSON of anything that has some; a bigint or a circle has none. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
const xml = fc
  .record(
    {
      return_code: fc.constantFrom('SUCCESS', 'FAIL', ''),
      result_code: fc.constantFrom('SUCCESS', 'FAIL', ''),
      err_code: code,
      appid: fc.constantFrom('wx8888888888888888', 'wx0'),
      mch_id: fc.constantFrom('1900000109', '1'),
      out_trade_no: fc.constantFrom(out_trade_no, 'x'),
      trade_state: state,
      return_msg: fc.stringMatching(/^[ -;=?-~]{0,20}$/),
      nonce_str: fc.uuid(),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((given) => new Map(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)))
  .chain((given) =>
    fc.constantFrom('MD5', 'HMAC-SHA256', 'none').map((scheme) => {
      const fields = scheme === 'none' ? given : new Map(given).set('sign', signV2(given, apiV2Key, scheme));
      return `<xml>${[...fields].map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`).join('')}</xml>`;
    }),
  );
const body = fc.oneof(
  { weight: 5, arbitrary: said.map((value) => Buffer.from(jsonOf(value))) },
  { weight: 3, arbitrary: xml.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: junk.map((value) => Buffer.from(jsonOf(value))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 3, arbitrary: fc.constant(Buffer.alloc(0)) },
);
const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constantFrom('1', '-1', '0-268449641'));
const headers = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'Request-ID',
      'Date',
      'Retry-After',
      'wechatpay-nonce',
      'Wechatpay-Timestamp',
      '__proto__',
      'constructor',
    ),
    fc.string(),
  ),
  value,
  { maxKeys: 6 },
);

function signed(bytes: Buffer): Record<string, string> {
  const time = String(Math.floor(Date.now() / 1_000));
  const nonce = randomUUID();
  const message = Buffer.concat([Buffer.from(`${time}\n${nonce}\n`), bytes, Buffer.from('\n')]);
  return {
    'Wechatpay-Timestamp': time,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Signature': sign('sha256', message, keys.publicKey.privateKey).toString('base64'),
    'Wechatpay-Serial': keys.publicKey.serial,
  };
}

/** How a body may reach us: as bytes, as an interceptor may have left it, or not at all. */
const form = fc.constantFrom<(bytes: Buffer) => unknown>(
  (bytes) => bytes,
  (bytes) => bytes,
  (bytes) => bytes,
  (bytes) => bytes,
  (bytes) => new Uint8Array(bytes).buffer,
  (bytes) => bytes.toString(),
  (bytes) => ({ parsed: bytes.toString() }),
  () => undefined,
);
const OUTCOMES = ['paid', 'not_found', 'in_progress', 'needs_reverse', 'refused', 'unknown'];

it(
  'any status, headers and body come to exactly one outcome, and to no error but ours',
  async () => {
    const seen = new Set<string>();
    const call = fc.constantFrom(...Object.keys(CALLS));
    await fc.assert(
      fc.asyncProperty(
        call,
        status,
        headers,
        body,
        form,
        fc.constantFrom(true, true, true, false),
        async (name, code_, extra, bytes, shape, isSigned) => {
          answer = () => {
            const all = isSigned ? { ...Object.fromEntries(Object.entries(extra)), ...signed(bytes) } : extra;
            return of({ status: code_, statusText: '', headers: all, data: shape(bytes), config: {} });
          };
          // No answer is a surprise to the library.
          expect(await oneEnd(name, seen)).not.toMatchObject({ reason: 'internal' });
        },
      ),
      runs(1_200),
    );
    // The junk reaches most of the outcomes that there are.
    expect(seen.size).toBeGreaterThan(3);
  },
  PATIENCE_MS,
);

it(
  'a signed answer to a query comes to exactly one outcome, whatever its state or parts are',
  async () => {
    const member = fc.oneof(fc.constantFrom<unknown[]>(null, 1, [], {}, 'x', ...parts), junk);
    const content = fc.oneof(
      fc.record({ combine_out_trade_no: fc.constant('ANYTHING01'), sub_orders: fc.array(member, { maxLength: 3 }) }),
      fc.record({ combine_out_trade_no: fc.constant('ANYTHING01'), sub_orders: junk }),
      fc.record({
        combine_out_trade_no: fc.constant('ANYTHING01'),
        sub_orders: fc
          .tuple(mostly(state), mostly(state))
          .map((states) => parts.map((part, index) => ({ ...part, trade_state: states[index] }))),
      }),
      fc.record({
        out_trade_no: fc.constant(out_trade_no),
        mchid: fc.constant('1900000109'),
        trade_state: mostly(state),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('query direct', 'query combine'), content, async (name, value_) => {
        const bytes = Buffer.from(jsonOf(value_));
        answer = () => of({ status: 200, statusText: '', headers: signed(bytes), data: bytes, config: {} });
        expect(await oneEnd(name, new Set())).not.toMatchObject({ reason: 'internal' });
      }),
      runs(300),
    );
  },
  PATIENCE_MS,
);

it(
  'an HttpService that fails in any way comes to exactly one outcome, and to no error but ours',
  async () => {
    const failure = fc.oneof(
      junk.map((thrown) => () => throwError(() => thrown)),
      junk.map((emitted) => () => of(emitted)),
      junk.map((thrown) => (): never => {
        throw thrown;
      }),
      fc.constant(() => EMPTY),
      junk.map((returned) => () => returned as Observable<unknown>),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(CALLS)), failure, async (name, fail) => {
        answer = fail;
        await oneEnd(name, new Set());
      }),
      runs(500),
    );
  },
  PATIENCE_MS,
);

async function oneEnd(name: string, seen: Set<string>): Promise<unknown> {
  const told: unknown[] = [];
  const begin = CALLS[name];
  await new Promise<void>((resolve) => {
    begin?.().subscribe({
      next: (end) => told.push('value', end),
      error: (error: unknown) => {
        told.push(error);
        resolve();
      },
      complete: () => {
        told.push('complete');
        resolve();
      },
    });
  });
  if (told[0] === 'value') {
    expect(told).toHaveLength(3);
    expect(told[2]).toBe('complete');
    seen.add('value');
    return told[1];
  }
  expect(told).toHaveLength(1);
  expect(told[0]).toBeInstanceOf(WechatPayError);
  const { outcome } = told[0] as WechatPayError;
  expect(OUTCOMES).toContain(outcome);
  seen.add(outcome);
  return told[0];
}
