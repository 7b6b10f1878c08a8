import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { OrderNotFoundError, OrderPaidError, OutcomeUnknownError } from 'nestjs-wechatpay';
import type { EmulatorReply, EmulatorScheme } from 'nestjs-wechatpay/emulator';
import { Sm2Signer, Sm2Verifier, WECHATPAY2_SM2_WITH_SM3 } from 'nestjs-wechatpay/sm';

import { sm2 } from '../../lib/sm/sm-crypto.js';
import { CLOSE_CASES } from '../support/close-cases.js';
import { sm2Certificate, sm2Pair } from '../support/sm2-keys.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';

const mchid = '1900000109';
const serialNo = '1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C';
const platformSerial = '54E7F59ED8DF4570CFB14780EA8152D45A675EE6';
const own = sm2Pair();
const platform = sm2Pair();
const userId = '1234567812345678';

/** WeChat Pay's side, on the library itself and keys in hex, so that it shares nothing with what is tested. */
const smScheme: EmulatorScheme = {
  scheme: WECHATPAY2_SM2_WITH_SM3,
  serial: platformSerial,
  sign: (message) => signedBy(platform.privateHex, message),
  verify: (message, signature) => {
    const hex = Buffer.from(signature, 'base64').toString('hex');
    return sm2.doVerifySignature(message, hex, own.publicHex, { hash: true, der: true, userId });
  },
};

function signedBy(privateHex: string, message: Uint8Array): string {
  const options = { hash: true, der: true, userId };
  return Buffer.from(sm2.doSignature(message, privateHex, options), 'hex').toString('base64');
}

const apiV3 = {
  scheme: WECHATPAY2_SM2_WITH_SM3,
  serialNo,
  privateKey: own.privatePem,
  certificates: [sm2Certificate(platform, platformSerial)],
};

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop(
    { signers: [Sm2Signer], verifiers: [Sm2Verifier], merchants: [{ mchid, apiV3 }] },
    { merchants: [{ mchid, serialNo, subMchids: ['1230000109'] }], schemes: [smScheme] },
  );
});
afterEach(() => shop.emulator.reset());
afterAll(() => shop.close());

const close = (out_trade_no = 'SM20000001') => ending(shop.service.direct({ out_trade_no }));
const place = (out_trade_no = 'SM20000001') => shop.emulator.place({ out_trade_no });
const headerOf = (headers: readonly (readonly [string, string])[] = [], wanted: string) =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

/** Puts another value in place of a header's, which is signed by nobody. */
const withHeader = (reply: EmulatorReply, wanted: string, value: string): EmulatorReply => ({
  ...reply,
  headers: reply.headers.map(([name, old]) => [name, name.toLowerCase() === wanted ? value : old]),
});

it('closes an order, signed with SM2 both ways', async () => {
  place();
  expect(await close()).toMatchObject({ state: 'CLOSED', confirmedBy: 'reply', attempts: 1 });
  expect(shop.emulator.orders.map(({ state }) => state)).toEqual(['CLOSED']);
  const [request] = shop.emulator.requests;
  expect(request).toMatchObject({ verdict: 'verified' });
  expect(headerOf(request?.headers, 'authorization')).toMatch(/^WECHATPAY2-SM2-WITH-SM3 mchid="1900000109",/);
  expect(headerOf(request?.headers, 'wechatpay-serial')).toBe(platformSerial);
  expect(headerOf(request?.reply?.headers, 'wechatpay-signature-type')).toBe(WECHATPAY2_SM2_WITH_SM3);
  expect(headerOf(request?.reply?.headers, 'wechatpay-serial')).toBe(platformSerial);
});

it.each(CLOSE_CASES.filter(({ api }) => api === 'v3'))('$name closes with SM2', async (variant) => {
  variant.place(shop.emulator, 'SM20000002');
  const closed = await ending(variant.close(shop.service, 'SM20000002', shop.emulator, { merchant: mchid }));
  expect(closed).toMatchObject({ state: 'CLOSED', variant: variant.name });
});

it('learns that an order is paid, from a signed refusal and from a signed query', async () => {
  shop.emulator.pay(place());
  expect(await close()).toMatchObject({ constructor: OrderPaidError, authenticated: true });
  shop.emulator.faults.add({ kind: 'unsigned', when: { times: 1 } });
  const byQuery = await ending(shop.service.direct({ out_trade_no: 'SM20000001' }, { confirm: 'onDoubt' }));
  expect(byQuery).toMatchObject({
    constructor: OrderPaidError,
    authenticated: true,
    transaction: { state: 'SUCCESS' },
  });
});

it('learns that an order does not exist', async () => {
  expect(await close()).toBeInstanceOf(OrderNotFoundError);
});

it.each<[string, (reply: EmulatorReply) => EmulatorReply, string]>([
  [
    'another key signed',
    (reply) => {
      const of = (name: string) => headerOf(reply.headers, name) ?? '';
      const head = `${of('wechatpay-timestamp')}\n${of('wechatpay-nonce')}\n`;
      const message = Buffer.concat([Buffer.from(head), reply.body, Buffer.from('\n')]);
      return withHeader(reply, 'wechatpay-signature', signedBy(own.privateHex, message));
    },
    'signature',
  ],
  ['the nonce was changed', (reply) => withHeader(reply, 'wechatpay-nonce', 'another'), 'signature'],
  ['a body was added', (reply) => ({ ...reply, status: 200, body: Buffer.from('{}') }), 'signature'],
  ['it says RSA', (reply) => withHeader(reply, 'wechatpay-signature-type', 'WECHATPAY2-SHA256-RSA2048'), 'signature'],
  ['it is no DER', (reply) => withHeader(reply, 'wechatpay-signature', 'AAAA'), 'signature'],
  ['it names another certificate', (reply) => withHeader(reply, 'wechatpay-serial', serialNo), 'serial'],
])('is in doubt about a reply where %s', async (_, spoil, reason) => {
  place();
  shop.emulator.afterSigning(spoil);
  const error = await close();
  expect(error).toBeInstanceOf(OutcomeUnknownError);
  expect(error).toMatchObject({ reason, authenticated: false });
});

it.each([
  ['wrongSignature', 'signature'],
  ['signTest', 'signature'],
  ['unsigned', 'unsigned'],
  ['unknownSerial', 'serial'],
] as const)('is in doubt about a reply with the fault %s', async (kind, reason) => {
  place();
  shop.emulator.faults.add({ kind });
  expect(await close()).toMatchObject({ constructor: OutcomeUnknownError, reason, authenticated: false });
});

it('is refused by WeChat Pay where another key signed the request', async () => {
  const stranger = await openShop(
    {
      signers: [Sm2Signer],
      verifiers: [Sm2Verifier],
      merchants: [{ mchid, apiV3: { ...apiV3, privateKey: sm2Pair().privatePem } }],
    },
    { merchants: [{ mchid, serialNo }], schemes: [smScheme] },
  );
  try {
    stranger.emulator.place({ out_trade_no: 'SM20000001' });
    const error = await ending(stranger.service.direct({ out_trade_no: 'SM20000001' }));
    expect(error).toMatchObject({ status: 401, authenticated: false });
    expect(stranger.emulator.requests[0]).toMatchObject({ verdict: 'refused' });
    expect(stranger.emulator.orders.map(({ state }) => state)).toEqual(['NOTPAY']);
  } finally {
    await stranger.close();
  }
});

it('lets an RSA merchant and an SM2 merchant live side by side', async () => {
  const rsaMchid = '1900000110';
  const keys = shop.emulator.keys.merchant(rsaMchid);
  const both = await openShop(
    {
      signers: [Sm2Signer],
      verifiers: [Sm2Verifier],
      merchants: [
        { mchid, apiV3 },
        {
          mchid: rsaMchid,
          apiV3: {
            serialNo: keys.serialNo,
            privateKey: keys.privateKey,
            certificates: [shop.emulator.keys.platform.certificate],
          },
        },
      ],
    },
    { merchants: [{ mchid, serialNo }, { mchid: rsaMchid }], schemes: [smScheme] },
  );
  try {
    for (const merchant of [mchid, rsaMchid]) {
      both.emulator.place({ out_trade_no: 'SM20000001', mchid: merchant });
      expect(await ending(both.service.direct({ out_trade_no: 'SM20000001', mchid: merchant }))).toMatchObject({
        state: 'CLOSED',
      });
    }
    const types = both.emulator.requests.map(({ reply }) => headerOf(reply?.headers, 'wechatpay-signature-type'));
    expect(types).toEqual([WECHATPAY2_SM2_WITH_SM3, 'WECHATPAY2-SHA256-RSA2048']);
  } finally {
    await both.close();
  }
});
