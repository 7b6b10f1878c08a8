import { generateKeyPairSync } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  OrderNotFoundError,
  OrderPaidError,
  OutcomeUnknownError,
  PaymentInProgressError,
  RequestRefusedError,
  WechatPayError,
} from 'nestjs-wechatpay';
import type { EmulatorAnswer, EmulatorReply, SignAs, V3Answer } from 'nestjs-wechatpay/emulator';

import { CLOSE_CASES, type CloseCase } from '../support/close-cases.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

let shop: TestShop;
let numbers = 0;
const newNumber = () => `20261122${String(++numbers).padStart(6, '0')}`;

beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => {
  shop.emulator.reset();
  shop.clock.stoppedAt = undefined;
});
afterAll(() => shop.close());

/** Places an order and closes it. */
async function placeAndClose(variant: CloseCase, before?: (number: string) => void): Promise<unknown> {
  const number = newNumber();
  variant.place(shop.emulator, number);
  before?.(number);
  return ending(variant.close(shop.service, number, shop.emulator));
}

const withHeaders = (reply: EmulatorReply, headers: EmulatorReply['headers']): EmulatorReply => ({ ...reply, headers });
const isSignature = (name: string) => /^wechatpay-/i.test(name);
const unsigned = (reply: EmulatorReply) =>
  withHeaders(
    reply,
    reply.headers.filter(([name]) => !isSignature(name)),
  );
const without = (reply: EmulatorReply, header: string) =>
  withHeaders(
    reply,
    reply.headers.filter(([name]) => name.toLowerCase() !== header),
  );
const emptied = (reply: EmulatorReply, header: string) =>
  withHeaders(
    reply,
    reply.headers.map(([name, value]) => [name, name.toLowerCase() === header ? '' : value] as const),
  );
const doubled = (reply: EmulatorReply, header: string) =>
  withHeaders(
    reply,
    reply.headers.flatMap((pair) => (pair[0].toLowerCase() === header ? [pair, pair] : [pair])),
  );

/** Makes every reply of the emulator carry another signature than the right one. */
const signAs = (as: () => SignAs) => shop.emulator.afterSigning((reply, { sign }) => sign(reply, as()));

/** Makes every APIv3 answer of the emulator another, properly signed one. */
const answerV3 = (answer: V3Answer) => shop.emulator.beforeSigning((): EmulatorAnswer => answer);

describe.each(CLOSE_CASES)('$name', (variant) => {
  it('closes an order, proven by the reply', async () => {
    const number = newNumber();
    const order = variant.place(shop.emulator, number);
    const closed = await ending(variant.close(shop.service, number, shop.emulator));
    expect(closed).toMatchObject({
      state: 'CLOSED',
      variant: variant.name,
      alreadyClosed: false,
      confirmedBy: 'reply',
      attempts: 1,
      order: { mchid: '1900000109' },
    });
    expect(order.state).toBe('CLOSED');
    expect(shop.emulator.requests.map(({ method, url, verdict }) => [method, url, verdict])).toEqual([
      ['POST', variant.path(number, shop.emulator), 'verified'],
    ]);
  });

  it('closes it again without harm', async () => {
    const number = newNumber();
    variant.place(shop.emulator, number);
    await ending(variant.close(shop.service, number, shop.emulator));
    const again = await ending(variant.close(shop.service, number, shop.emulator));
    expect(again).toMatchObject({ state: 'CLOSED', alreadyClosed: variant.api === 'v2' });
  });

  it('says that it was closed already where WeChat Pay says so', async () => {
    if (variant.api === 'v3') answerV3({ status: 400, body: { code: 'ORDER_CLOSED', message: '订单已关闭' } });
    const closed = await placeAndClose(variant, (number) => {
      if (variant.api === 'v2') shop.emulator.order(number)?.close(0);
    });
    expect(closed).toMatchObject({ state: 'CLOSED', alreadyClosed: true });
  });

  it('throws OrderPaidError for a paid order', async () => {
    const error = await placeAndClose(variant, (number) => shop.emulator.pay(number));
    expect(error).toBeInstanceOf(OrderPaidError);
    expect(error).toMatchObject({
      outcome: 'paid',
      authenticated: true,
      retryable: false,
      variant: variant.name,
      attempts: 1,
    });
  });

  it('throws OrderPaidError for a refunded order', async () => {
    const error = await placeAndClose(variant, (number) => shop.emulator.refund(shop.emulator.pay(number)));
    expect(error).toBeInstanceOf(OrderPaidError);
  });

  it('throws OrderNotFoundError for an order that was never placed', async () => {
    const error = await ending(variant.close(shop.service, newNumber(), shop.emulator));
    expect(error).toBeInstanceOf(OrderNotFoundError);
    expect(error).toMatchObject({ outcome: 'not_found', authenticated: true, retryable: false });
  });

  it('throws PaymentInProgressError while the buyer types the password (APIv3: 202)', async () => {
    const error = await placeAndClose(variant, (number) => shop.emulator.startPaying(number));
    expect(error).toBeInstanceOf(PaymentInProgressError);
    expect(error).toMatchObject({
      outcome: 'in_progress',
      authenticated: true,
      status: variant.api === 'v3' ? 202 : 200,
    });
  });

  it('believes no reply without a signature', async () => {
    shop.emulator.afterSigning((reply) =>
      variant.api === 'v3'
        ? unsigned(reply)
        : { ...reply, body: Buffer.from(reply.body.toString().replace(/<sign>.*<\/sign>/, '')) },
    );
    const error = await placeAndClose(variant);
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({
      phase: 'verify',
      reason: 'unsigned',
      hint: { outcome: 'closed' },
      authenticated: false,
      retryable: true,
    });
  });

  it("believes no reply with a stranger's signature", async () => {
    signAs(() => ({ privateKey: stranger, key: 'x'.repeat(32) }));
    const error = await placeAndClose(variant);
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ phase: 'verify', reason: 'signature', hint: { outcome: 'closed' } });
  });

  it('takes an unsigned error for a hint, never for an outcome', async () => {
    shop.emulator.afterSigning((reply) =>
      variant.api === 'v3'
        ? unsigned(reply)
        : { ...reply, body: Buffer.from(reply.body.toString().replace(/<sign>.*<\/sign>/, '')) },
    );
    const error = await placeAndClose(variant, (number) => shop.emulator.pay(number));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ reason: 'unsigned', authenticated: false, hint: { outcome: 'paid' } });
    expect(error).toMatchObject({ code: expect.stringMatching(/^ORDER_?PAID$/) });
  });

  it('takes an error with a wrong signature for a hint', async () => {
    signAs(() => ({ privateKey: stranger, key: 'x'.repeat(32) }));
    const error = await placeAndClose(variant, (number) => shop.emulator.pay(number));
    expect(error).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'signature',
      authenticated: false,
      hint: { outcome: 'paid' },
    });
  });

  it('throws RequestRefusedError where our own signature does not please', async () => {
    const { emulator } = shop;
    const confused = await openShop({
      ...emulator.options(),
      merchants: emulator.options().merchants.map((merchant) => ({
        ...merchant,
        ...(merchant.apiV2 && { apiV2: { ...merchant.apiV2, key: 'z'.repeat(32) } }),
        ...(merchant.apiV3 && { apiV3: { ...merchant.apiV3, privateKey: stranger } }),
      })),
    });
    const error = await ending(variant.close(confused.service, newNumber(), emulator));
    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error).toMatchObject({ outcome: 'refused', authenticated: false, status: variant.api === 'v3' ? 401 : 200 });
    expect(emulator.requests.map(({ verdict }) => verdict)).toEqual(['refused']);
    await confused.close();
  });
});

describe.each(CLOSE_CASES.filter(({ api }) => api === 'v3'))('$name, APIv3', (variant) => {
  it.each(['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-signature', 'wechatpay-serial'])(
    'believes no reply whose %s is missing, empty or doubled',
    async (header) => {
      for (const change of [without, emptied, doubled]) {
        const undo = shop.emulator.afterSigning((reply) => change(reply, header));
        expect(await placeAndClose(variant)).toMatchObject({
          name: 'OutcomeUnknownError',
          phase: 'verify',
          reason: 'header',
        });
        undo();
      }
    },
  );

  it.each([
    ['300 s old', (now: number) => now - 300, 'CLOSED'],
    ['300 s ahead', (now: number) => now + 300, 'CLOSED'],
    ['301 s old', (now: number) => now - 301, 'time'],
    ['301 s ahead', (now: number) => now + 301, 'time'],
    ['zero', () => 0, 'time'],
    ['negative', (now: number) => -now, 'time'],
    ['in milliseconds', (now: number) => now * 1_000, 'time'],
    ['a fraction', (now: number) => `${now}.5`, 'time'],
    ['in hex', (now: number) => `0x${now.toString(16)}`, 'time'],
    ['followed by junk', (now: number) => `${now}abc`, 'time'],
    ['NaN', () => 'NaN', 'time'],
  ])('judges a timestamp that is %s', async (_, timestamp, expected) => {
    shop.clock.stoppedAt = shop.emulator.clock.now();
    const now = Math.floor(shop.clock.stoppedAt / 1_000);
    signAs(() => ({ timestamp: timestamp(now) }));
    const ended = await placeAndClose(variant);
    expect(ended).toMatchObject(
      expected === 'CLOSED' ? { state: 'CLOSED' } : { name: 'OutcomeUnknownError', reason: expected },
    );
  });

  it.each(['PUB_KEY_ID_0000000000', '__proto__', 'constructor', '0123456789ABCDEF'])(
    'believes no unknown serial: %s',
    async (serial) => {
      signAs(() => ({ serial }));
      expect(await placeAndClose(variant)).toMatchObject({ name: 'OutcomeUnknownError', reason: 'serial' });
    },
  );

  it('believes no 204 of a key that it knows under another serial', async () => {
    signAs(() => ({ serial: shop.emulator.keys.platform.serial, privateKey: shop.emulator.keys.publicKey.privateKey }));
    expect(await placeAndClose(variant)).toMatchObject({ name: 'OutcomeUnknownError', reason: 'signature' });
  });

  it.each([
    ['200 without a body', { status: 200 }],
    ['200 with a body', { status: 200, body: { trade_state: 'CLOSED' } }],
    ['201', { status: 201 }],
    ['206', { status: 206, body: {} }],
  ])('does not take a signed %s for closed', async (_, answer) => {
    answerV3(answer);
    const error = await placeAndClose(variant);
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ phase: 'verify', reason: 'shape', authenticated: true, status: answer.status });
  });

  it('takes a signed 202 without a body for a payment in progress', async () => {
    answerV3({ status: 202 });
    expect(await placeAndClose(variant)).toBeInstanceOf(PaymentInProgressError);
  });

  it('takes an unsigned 202 for nothing', async () => {
    answerV3({ status: 202 });
    shop.emulator.afterSigning(unsigned);
    expect(await placeAndClose(variant)).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'unsigned',
      hint: { outcome: 'in_progress' },
    });
  });

  it('keeps what WeChat Pay said', async () => {
    answerV3({
      status: 400,
      body: {
        code: 'PARAM_ERROR',
        message: '参数错误',
        detail: { field: '/mchid', value: 'x', issue: 'y', location: 'body' },
      },
      internalCode: 268_435_461,
    });
    const error = await placeAndClose(variant);
    expect(error).toBeInstanceOf(RequestRefusedError);
    expect(error).toMatchObject({
      code: 'PARAM_ERROR',
      description: '参数错误',
      detail: { field: '/mchid', issue: 'y' },
      status: 400,
      internalCode: '268435461',
      requestId: expect.stringMatching(/-268435461$/),
      authenticated: true,
    });
    expect(error).toMatchObject({ message: expect.stringContaining('PARAM_ERROR, 参数错误') });
  });

  it('follows no redirect', async () => {
    let visits = 0;
    const elsewhere = await openShop();
    elsewhere.emulator.afterSigning(() => void visits++);
    shop.emulator.afterSigning((reply) =>
      withHeaders({ ...reply, status: 307 }, [...reply.headers, ['Location', elsewhere.emulator.url]]),
    );
    expect(await placeAndClose(variant)).toMatchObject({ name: 'OutcomeUnknownError', reason: 'redirect' });
    expect(visits).toBe(0);
    await elsewhere.close();
  });
});

describe('an APIv2 reply', () => {
  const v2 = CLOSE_CASES[0];
  if (v2 === undefined) throw new Error('there is no v2 case');
  const rewriteBody = (change: (xml: string) => string) =>
    shop.emulator.afterSigning((reply) => ({ ...reply, body: Buffer.from(change(reply.body.toString())) }));
  const rewriteFields = (change: Record<string, string>) =>
    shop.emulator.beforeSigning((answer) =>
      'fields' in answer ? { fields: { ...answer.fields, ...change } } : answer,
    );

  it('gives its verified fields, without the sign', async () => {
    const closed = await placeAndClose(v2);
    expect(closed).toMatchObject({
      response: { return_code: 'SUCCESS', result_code: 'SUCCESS', mch_id: '1900000109' },
    });
    expect(JSON.stringify(closed)).not.toContain('"sign"');
  });

  it.each([
    ['signed with MD5 though HMAC-SHA256 was asked for', () => signAs(() => ({ signType: 'MD5' }))],
    [
      'signed in lower case',
      () =>
        rewriteBody((xml) =>
          xml.replace(/(<sign><!\[CDATA\[)(.*?)\]/, (_, tag: string, sign: string) => `${tag}${sign.toLowerCase()}]`),
        ),
    ],
    ['changed after it was signed', () => rewriteBody((xml) => xml.replace('SUCCESS', 'SUCCESS '))],
  ])('is not believed when it is %s', async (_, rewrite) => {
    rewrite();
    const error = await placeAndClose(v2);
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ phase: 'verify' });
  });

  it.each([
    ['another appid', { appid: 'wx0000000000000000' }],
    ['another mch_id', { mch_id: '1900000110' }],
    ['a sub-merchant where none was named', { sub_mch_id: '1230000109' }],
    ['another sub_appid', { sub_appid: 'wx0000000000000000' }],
  ])('is not believed when it speaks to %s', async (_, change) => {
    rewriteFields(change);
    expect(await placeAndClose(v2)).toMatchObject({ name: 'OutcomeUnknownError', reason: 'identity' });
  });

  it.each([
    ['HTML', () => '<html><body>502</body></html>'],
    ['cut off', (xml: string) => xml.slice(0, -10)],
    ['twice the sign', (xml: string) => xml.replace('</xml>', '<sign>A</sign></xml>')],
    ['with a DOCTYPE', (xml: string) => `<!DOCTYPE xml [<!ENTITY s "SUCCESS">]>${xml}`],
    ['empty', () => ''],
    ['too large', (xml: string) => xml.replace('</xml>', `<x>${'y'.repeat(70_000)}</x></xml>`)],
  ])('is not believed when it is %s', async (_, change) => {
    rewriteBody(change);
    const error = await placeAndClose(v2);
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect((error as OutcomeUnknownError).reason).toMatch(/^(shape|tooLarge)$/);
  });

  it('is refused, not closed, when result_code is FAIL with a code that nobody knows', async () => {
    rewriteFields({ result_code: 'FAIL', err_code: 'SOMETHING_NEW', err_code_des: '新的错误' });
    expect(await placeAndClose(v2)).toMatchObject({
      name: 'OutcomeUnknownError',
      code: 'SOMETHING_NEW',
      description: '新的错误',
    });
  });

  it('is unknown when return_code is SUCCESS and result_code is missing', async () => {
    rewriteFields({ result_code: '' });
    expect(await placeAndClose(v2)).toMatchObject({ name: 'OutcomeUnknownError', reason: 'shape' });
  });
});

it('every error is a WechatPayError that names the order', async () => {
  const number = newNumber();
  shop.emulator.pay(shop.emulator.place({ out_trade_no: number }));
  const error = await ending(shop.service.direct({ out_trade_no: number }));
  expect(error).toBeInstanceOf(WechatPayError);
  expect(error).toMatchObject({
    order: { mchid: '1900000109', out_trade_no: number },
    message: expect.stringContaining(number),
  });
});

it('a payment-code order must be reversed', async () => {
  const number = newNumber();
  shop.emulator.place({ out_trade_no: number, trade_type: 'MICROPAY' });
  expect(await ending(shop.service.direct({ out_trade_no: number }))).toMatchObject({
    name: 'ReverseRequiredError',
    outcome: 'needs_reverse',
    internalCode: '268449641',
    authenticated: true,
  });
});
