import { createPublicKey, verify } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CloseOrderService, directVariant, globalByOutTradeNoVariant, v2Variant } from 'nestjs-wechatpay';
import type { Observable } from 'rxjs';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { openRawServer, type RawRequest, type RawServer } from './raw-server.js';
import { PATIENCE_MS, runs } from './runs.js';
import { readFlatXml, signV2 } from './second-opinion.js';
import { OURS } from './two-merchants.js';

let shop: TestShop;
let server: RawServer;
beforeAll(async () => {
  server = await openRawServer(() => 'HTTP/1.1 502 x\r\nContent-Length: 0\r\n\r\n');
  shop = await openShop({ hosts: { mainland: server.origin, overseas: server.origin } });
});
afterAll(async () => {
  await shop.close();
  await server.close();
});

const digits = fc.stringMatching(/^[1-9][0-9]{0,31}$/).filter((text) => text !== OURS);
const ours = fc.stringMatching(/^[0-9A-Za-z_\-|*]{6,32}$/);
const overseas = fc.stringMatching(/^[0-9A-Za-z_\-|*]{1,32}$/);
const part = fc.stringMatching(/^[0-9A-Za-z_\-|*@]{6,32}$/);
const whole = fc.stringMatching(/^[0-9A-Za-z_\-|*@]{1,32}$/);
const transaction = fc.stringMatching(/^[0-9A-Za-z]{1,32}$/);
const appid = fc.stringMatching(/^[0-9A-Za-z_-]{1,32}$/);
const parts = fc.uniqueArray(fc.record({ mchid: digits, sub_mchid: digits, out_trade_no: part }), {
  minLength: 2,
  maxLength: 10,
  selector: ({ mchid, out_trade_no }) => `${mchid}/${out_trade_no}`,
});

/** Any valid call, and what must stand in the path after decoding. */
type Call = readonly [begin: (service: CloseOrderService) => Observable<unknown>, number: string];
const v3Call: fc.Arbitrary<Call> = fc.oneof(
  ours.map((out_trade_no): Call => [(service) => service.direct({ out_trade_no }), out_trade_no]),
  ours.map((out_trade_no): Call => [(service) => service.query(directVariant, { out_trade_no }), out_trade_no]),
  fc
    .tuple(ours, digits)
    .map(([out_trade_no, sub_mchid]): Call => [
      (service) => service.partner({ out_trade_no, sub_mchid }),
      out_trade_no,
    ]),
  fc
    .tuple(whole, appid, parts)
    .map(([combine_out_trade_no, combine_appid, sub_orders]): Call => [
      (service) => service.combine({ combine_out_trade_no, combine_appid, sub_orders }),
      combine_out_trade_no,
    ]),
  fc
    .tuple(whole, parts)
    .map(([combine_out_trade_no, sub_orders]): Call => [
      (service) => service.repayment({ combine_out_trade_no, sub_orders }),
      combine_out_trade_no,
    ]),
  transaction.map((transaction_id): Call => [(service) => service.hkById({ transaction_id }), transaction_id]),
  transaction.map((transaction_id): Call => [(service) => service.globalById({ transaction_id }), transaction_id]),
  overseas.map((out_trade_no): Call => [(service) => service.hkByOutTradeNo({ out_trade_no }), out_trade_no]),
  fc
    .tuple(overseas, digits)
    .map(([out_trade_no, sub_mchid]): Call => [
      (service) => service.query(globalByOutTradeNoVariant, { out_trade_no, sub_mchid }),
      out_trade_no,
    ]),
);

async function sent(begin: Call[0]): Promise<RawRequest> {
  server.requests.length = 0;
  expect(await ending(begin(shop.service))).toMatchObject({ name: 'OutcomeUnknownError', phase: 'verify' });
  expect(server.requests).toHaveLength(1);
  return server.requests[0] as RawRequest;
}

it(
  'an APIv3 signature covers exactly the bytes that arrive, for any valid order',
  async () => {
    const [merchant] = shop.emulator.credentials.merchants;
    const key = createPublicKey(merchant?.privateKey ?? '');
    await fc.assert(
      fc.asyncProperty(v3Call, async ([begin, number]) => {
        const { line, headers, body } = await sent(begin);
        const [method = '', target = '', protocol] = line.split(' ');
        expect(protocol).toBe('HTTP/1.1');
        const given = /^WECHATPAY2-SHA256-RSA2048 (.*)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '';
        const said = new Map(
          [...given.matchAll(/(\w+)="([^"]*)"(?:,|$)/g)].map(([, name, value]) => [name, value ?? '']),
        );
        expect([said.get('mchid'), said.get('serial_no')]).toEqual([OURS, merchant?.serialNo]);
        const signed = [method, target, said.get('timestamp'), said.get('nonce_str')].map((text) =>
          Buffer.from(`${text}\n`),
        );
        const message = Buffer.concat([...signed, body, Buffer.from('\n')]);
        expect(verify('sha256', message, key, Buffer.from(said.get('signature') ?? '', 'base64'))).toBe(true);
        // The order is one segment of the path, whatever it is made of.
        const segments = (target.split('?')[0] ?? '').split('/').map(decodeURIComponent);
        expect(segments).toContain(number);
        expect(body.length === 0).toBe(method === 'GET');
      }),
      runs(300),
    );
  },
  PATIENCE_MS,
);

it(
  'an APIv2 signature covers exactly the fields that arrive, for any valid order',
  async () => {
    const request = fc
      .record(
        {
          out_trade_no: ours,
          sub_mch_id: digits,
          sub_appid: appid,
          nonce_str: fc.stringMatching(/^[0-9A-Za-z]{1,32}$/),
          sign_type: fc.constantFrom('MD5', 'HMAC-SHA256' as const),
          appid,
        },
        { requiredKeys: ['out_trade_no'], noNullPrototype: true },
      )
      .filter(({ sub_appid, sub_mch_id }) => sub_appid === undefined || sub_mch_id !== undefined);
    const key = shop.emulator.credentials.merchants[0]?.apiV2Key ?? '';
    await fc.assert(
      fc.asyncProperty(request, fc.boolean(), async (given, isQuery) => {
        const { line, body } = await sent((service) => (isQuery ? service.query(v2Variant, given) : service.v2(given)));
        expect(line).toBe(`POST /pay/${isQuery ? 'orderquery' : 'closeorder'} HTTP/1.1`);
        const fields = readFlatXml(body) ?? new Map<string, string>();
        expect(Object.fromEntries(fields)).toMatchObject({ mch_id: OURS, ...given });
        expect(fields.get('sign')).toBe(signV2(fields, key, given.sign_type ?? 'HMAC-SHA256'));
        expect(fields.get('sign_type')).toBe(given.sign_type ?? 'HMAC-SHA256');
      }),
      runs(200),
    );
  },
  PATIENCE_MS,
);
