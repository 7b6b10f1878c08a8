import { verify } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmulatorKeys, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { send, sendV3 } from './raw-client.js';
import type { RawReply, Wrong } from './raw-client.js';

const mchid = '1900000109';
const sub_mchid = '1230000109';
const direct = '/v3/pay/transactions/out-trade-no/A1/close';
const partner = '/v3/pay/partner/transactions/out-trade-no/A1/close';
const combine = '/v3/combine-transactions/out-trade-no/C1/close';
const repayment = '/v3/repayment/combine-transactions/partner/out-trade-no/C1/close';
const overseas = '/v3/global/transactions/out-trade-no/A1/close';

const keys = EmulatorKeys.generate();
let emulator: WechatPayEmulator;
beforeAll(async () => {
  const merchants = [{ mchid, subMchids: [sub_mchid, '1230000110'] }, { mchid: '1900000110' }];
  emulator = await WechatPayEmulator.start({ keys, merchants });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

const isSigned = (reply: RawReply): boolean => Object.keys(reply.headers).some((name) => name.startsWith('wechatpay-'));

describe('the signature check of APIv3', () => {
  beforeEach(() => {
    emulator.place({ out_trade_no: 'A1' });
  });

  const refused: readonly (readonly [string, Wrong])[] = [
    ['a signature of other bytes', { signedBody: '{"mchid":"1"}' }],
    ['a signature that is none', { signature: 'bm9uZQ==' }],
    ['a stale timestamp', { timestamp: Math.floor(Date.now() / 1000) - 302 }],
    ['a timestamp of the future', { timestamp: Math.floor(Date.now() / 1000) + 302 }],
    ['a timestamp that is none', { timestamp: 'now' }],
    ['an unknown merchant', { mchid: '1900000999' }],
    ["another merchant's number", { mchid: '1900000110' }],
    ['a serial number of another certificate', { serialNo: 'ABCDEF' }],
    ['no Authorization', { headers: { Authorization: undefined } }],
    ['another scheme', { authorization: 'WECHATPAY2-SM2-WITH-SM3 mchid="1"' }],
    ['an Authorization that is cut off', { authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1"' }],
    ['a repeated parameter', { authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1",mchid="1"' }],
  ];

  it.each(refused)('refuses %s with an unsigned 401', async (_name, wrong) => {
    const reply = await sendV3(emulator, 'POST', direct, { mchid }, wrong);
    expect(reply.status).toBe(401);
    expect(reply.json).toMatchObject({ code: 'SIGN_ERROR', message: expect.any(String) });
    expect(isSigned(reply)).toBe(false);
    expect(reply.headers['request-id']).toMatch(/-268443699$/);
    expect(emulator.requests[0]).toMatchObject({ verdict: 'refused', refusal: reply.json.message });
    expect(emulator.order('A1')?.state).toBe('NOTPAY');
  });

  it('takes a nonce once', async () => {
    const wrong = { nonce: 'the-same' };
    expect((await sendV3(emulator, 'POST', direct, { mchid }, wrong)).status).toBe(204);
    expect((await sendV3(emulator, 'POST', direct, { mchid }, wrong)).status).toBe(401);
    expect(emulator.requests.map(({ verdict }) => verdict)).toEqual(['verified', 'refused']);
  });

  it('checks and signs by its own clock', async () => {
    const real = Math.floor(Date.now() / 1000);
    emulator.clock.advance(3_600_000);
    expect((await sendV3(emulator, 'POST', direct, { mchid }, { timestamp: real })).status).toBe(401);
    const reply = await sendV3(emulator, 'POST', direct, { mchid });
    expect(reply.status).toBe(204);
    expect(Number(reply.headers['wechatpay-timestamp'])).toBeGreaterThanOrEqual(real + 3600);
    expect(Date.parse(String(reply.headers['date'])) / 1000).toBeGreaterThanOrEqual(real + 3600);
  });

  it('covers the target to the letter, as encoded as it came', async () => {
    emulator.place({ out_trade_no: 'a_b-c|d*e@f' });
    const target = '/v3/pay/transactions/out-trade-no/a_b-c%7Cd*e%40f/close';
    expect((await sendV3(emulator, 'POST', target, { mchid })).status).toBe(204);
    expect(emulator.requests.at(-1)?.url).toBe(target);
    const twice = '/v3/pay/transactions/out-trade-no/a_b-c%257Cd*e%2540f/close';
    expect((await sendV3(emulator, 'POST', twice, { mchid })).json.code).toBe('PARAM_ERROR');
  });
});

describe('the reply signature of APIv3', () => {
  it.each([
    ['the public key, when its id is asked for', keys.publicKey, keys.publicKey.publicKey, keys.publicKey.serial],
    ['the platform certificate, when nothing is asked for', keys.platform, keys.platform.certificate, undefined],
    [
      'the platform certificate, when an unknown id is asked for',
      keys.platform,
      keys.platform.certificate,
      'PUB_KEY_ID_01',
    ],
  ])('is by %s', async (_name, { serial }, key, asked) => {
    const headers = { 'Wechatpay-Serial': asked };
    const replies = [await sendV3(emulator, 'POST', direct, { mchid }, { headers })];
    emulator.place({ out_trade_no: 'A1' });
    replies.push(await sendV3(emulator, 'POST', direct, { mchid }, { headers }));
    expect(replies.map(({ status }) => status)).toEqual([404, 204]);
    for (const { headers: got, body } of replies) {
      expect(got['wechatpay-serial']).toBe(serial);
      const message = Buffer.from(`${got['wechatpay-timestamp']}\n${got['wechatpay-nonce']}\n${body.toString()}\n`);
      expect(verify('sha256', message, key, Buffer.from(String(got['wechatpay-signature']), 'base64'))).toBe(true);
    }
  });
});

describe('the header checks of APIv3', () => {
  it.each([
    ['Accept', { Accept: undefined }],
    ['Accept', { Accept: 'text/html' }],
    ['User-Agent', { 'User-Agent': undefined }],
    ['Content-Type', { 'Content-Type': 'text/plain' }],
  ])('answers 400, signed, without a right %s', async (name, headers) => {
    const reply = await sendV3(emulator, 'POST', direct, { mchid }, { headers });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringContaining(name) });
    expect(isSigned(reply)).toBe(true);
  });

  it('takes Accept: */*', async () => {
    emulator.place({ out_trade_no: 'A1' });
    const reply = await sendV3(emulator, 'POST', direct, { mchid }, { headers: { Accept: 'text/html, */*;q=0.1' } });
    expect(reply.status).toBe(204);
  });
});

describe('the parameter checks of APIv3', () => {
  const one = { mchid, out_trade_no: 'C1-1' };
  const two = { mchid, sub_mchid, out_trade_no: 'C1-2' };
  const combine_appid = 'wx8888888888888888';

  const cases: readonly (readonly [string, string, string | object, number, string, number])[] = [
    ['an unknown field', direct, { mchid, extra: 1 }, 400, 'PARAM_ERROR', 270924358],
    ['a missing field', direct, {}, 400, 'PARAM_ERROR', 268435461],
    ['a field of another type', direct, { mchid: 1900000109 }, 400, 'PARAM_ERROR', 268435461],
    ['null', partner, { sp_mchid: mchid, sub_mchid: null }, 400, 'PARAM_ERROR', 268435461],
    ['a body that is no object', direct, '[]', 400, 'PARAM_ERROR', 268435461],
    ['a body that is no JSON', direct, '{', 400, 'PARAM_ERROR', 268435461],
    ['no body', direct, '', 400, 'PARAM_ERROR', 268435461],
    ['a merchant that did not sign', direct, { mchid: '1900000110' }, 400, 'INVALID_REQUEST', 268435461],
    ['a foreign sub-merchant', partner, { sp_mchid: mchid, sub_mchid: '99' }, 403, 'NO_AUTH', 268443701],
    [
      'its own number as sub-merchant',
      partner,
      { sp_mchid: mchid, sub_mchid: mchid },
      400,
      'INVALID_REQUEST',
      268443705,
    ],
    [
      'another sub-merchant than at placement',
      partner,
      { sp_mchid: mchid, sub_mchid: '1230000110' },
      400,
      'INVALID_REQUEST',
      268447845,
    ],
    ['no sub-merchant though there was one', direct, { mchid }, 400, 'INVALID_REQUEST', 268443704],
    ['a sub-order too few', combine, { combine_appid, sub_orders: [one] }, 400, 'INVALID_REQUEST', 268435461],
    ['a sub-order twice', combine, { combine_appid, sub_orders: [one, one] }, 400, 'INVALID_REQUEST', 268435461],
    [
      'a sub-order without its sub-merchant',
      combine,
      { combine_appid, sub_orders: [one, { mchid, out_trade_no: 'C1-2' }] },
      400,
      'INVALID_REQUEST',
      268435461,
    ],
    [
      'another combine_appid',
      combine,
      { combine_appid: 'wx0', sub_orders: [one, two] },
      400,
      'INVALID_REQUEST',
      268435461,
    ],
    ['no sub-orders', combine, { combine_appid, sub_orders: [] }, 400, 'PARAM_ERROR', 268435461],
    ['a combine_appid in a repayment', repayment, { combine_appid, sub_orders: [one] }, 400, 'PARAM_ERROR', 270924358],
    ['wrong sub-orders of a repayment', repayment, { sub_orders: [two] }, 400, 'INVALID_REQUEST', 268435461],
    ['no merchant at all', overseas, {}, 400, 'PARAM_ERROR', 268435461],
    ['half an institution', overseas, { sp_mchid: mchid }, 400, 'PARAM_ERROR', 268435461],
    ['a third merchant', overseas, { mchid: '99', sp_mchid: mchid, sub_mchid }, 400, 'INVALID_REQUEST', 268435461],
  ];

  it.each(cases)('refuses %s', async (_name, target, body, status, code, internalCode) => {
    emulator.place({ out_trade_no: 'A1', sub_mchid });
    emulator.place({ kind: 'combine', combine_out_trade_no: 'C1', sub_orders: [one, two] });
    emulator.place({ kind: 'repayment', combine_out_trade_no: 'C1', sub_orders: [one] });
    const reply = await sendV3(emulator, 'POST', target, body);
    expect(reply.status).toBe(status);
    expect(reply.json.code).toBe(code);
    expect(reply.headers['request-id']).toMatch(new RegExp(`-${internalCode}$`));
    expect(isSigned(reply)).toBe(true);
    expect(emulator.orders.map(({ state }) => state)).toEqual(['NOTPAY', 'NOTPAY', 'NOTPAY']);
  });

  it('refuses an unknown query parameter and a path that is not well encoded', async () => {
    const path = '/v3/pay/transactions/out-trade-no/A1';
    expect((await sendV3(emulator, 'GET', `${path}?mchid=${mchid}&x=1`)).json.code).toBe('PARAM_ERROR');
    expect((await sendV3(emulator, 'GET', `${path}%E0?mchid=${mchid}`)).json.code).toBe('PARAM_ERROR');
  });
});

describe('the states that cannot be closed', () => {
  it('answers 202 while the buyer pays, and 204 never', async () => {
    const order = emulator.startPaying(emulator.place({ out_trade_no: 'A1' }));
    const reply = await sendV3(emulator, 'POST', direct, { mchid });
    expect([reply.status, reply.json.code, isSigned(reply)]).toEqual([202, 'USER_PAYING', true]);
    expect(order.state).toBe('USERPAYING');
  });

  it('sends payment-code orders to reverse', async () => {
    emulator.place({ out_trade_no: 'A1', trade_type: 'MICROPAY' });
    const reply = await sendV3(emulator, 'POST', direct, { mchid });
    expect([reply.status, reply.json.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(reply.headers['request-id']).toMatch(/-268449641$/);
  });

  it('spells paid as the endpoint does', async () => {
    emulator.pay(emulator.place({ out_trade_no: 'A1' }));
    emulator.pay(emulator.place({ kind: 'overseas', out_trade_no: 'A1' }).id);
    expect((await sendV3(emulator, 'POST', direct, { mchid })).json.code).toBe('ORDER_PAID');
    expect((await sendV3(emulator, 'POST', overseas, { mchid })).json.code).toBe('ORDERPAID');
  });

  it.each([
    ['notFound', 404],
    ['closed', 204],
  ] as const)('answers for an order that was never placed: %s', async (unknownOrder, status) => {
    const other = await WechatPayEmulator.start({ keys, unknownOrder });
    expect((await sendV3(other, 'POST', direct, { mchid })).status).toBe(status);
    expect((await sendV3(other, 'GET', `/v3/pay/transactions/out-trade-no/A1?mchid=${mchid}`)).status).toBe(404);
    await other.stop();
  });

  it('closes once, however many ask at the same time', async () => {
    const order = emulator.place({ out_trade_no: 'A1' });
    const replies = await Promise.all(Array.from({ length: 20 }, () => sendV3(emulator, 'POST', direct, { mchid })));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204]));
    expect(order.changes.map(({ state }) => state)).toEqual(['NOTPAY', 'CLOSED']);
  });
});

describe('placing over the wire', () => {
  const body = {
    appid: 'wx8888888888888888',
    mchid,
    out_trade_no: 'N1',
    description: 'A thing',
    notify_url: 'https://example.com/',
    amount: { total: 1 },
  };
  const place = async (change: object = {}): Promise<RawReply> =>
    sendV3(emulator, 'POST', '/v3/pay/transactions/native', { ...body, ...change });

  it('gives the same order its code again, and no other order its number', async () => {
    const first = await place();
    expect((await place()).json).toEqual(first.json);
    expect((await place({ amount: { total: 2 } })).json.code).toBe('OUT_TRADE_NO_USED');
    emulator.pay('N1');
    expect((await place()).json.code).toBe('ORDER_PAID');
  });

  it('does not reuse the number of a closed order', async () => {
    await place();
    await sendV3(emulator, 'POST', '/v3/pay/transactions/out-trade-no/N1/close', { mchid });
    expect((await place()).json.code).toBe('ORDER_CLOSED');
  });

  it('insists on the appid of the merchant', async () => {
    expect((await place({ appid: 'wx0' })).json.code).toBe('APPID_MCHID_NOT_MATCH');
  });
});

describe('what is not an endpoint', () => {
  it('answers 404, 405 and 413 without a signature', async () => {
    const replies = [
      await sendV3(emulator, 'POST', '/v3/nothing', { mchid }),
      await sendV3(emulator, 'GET', direct),
      await send(emulator.url, 'POST', direct, {}, 'x'.repeat(65_537)),
    ];
    expect(replies.map(({ status }) => status)).toEqual([404, 405, 413]);
    expect(replies.map(isSigned)).toEqual([false, false, false]);
    expect(emulator.requests.map(({ verdict }) => verdict)).toEqual(['unchecked', 'unchecked', 'unchecked']);
  });
});
