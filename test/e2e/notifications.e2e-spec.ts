import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestInterceptor } from '@nestjs/common';
import { catchError, lastValueFrom, map, of, retry, throwError } from 'rxjs';

import { type NotifiedShop, openNotifiedShop, PLATFORMS } from '../support/notified-shop.js';
import { foreignClient } from './emulator/foreign-client.js';

const MCHID = '1900000109';
const SUB = '1230000109';
const FAIL = (reason: string) => JSON.stringify({ code: 'FAIL', message: reason });

describe.each(PLATFORMS)('payment notifications on %s', (platform) => {
  let shop: NotifiedShop;
  beforeAll(async () => {
    shop = await openNotifiedShop(platform);
  });
  afterAll(() => shop.close());
  afterEach(() => {
    shop.emulator.reset();
    shop.handled.payments.length = 0;
    shop.handled.failure = undefined;
  });

  const notify_url = () => `${shop.url}/notify`;
  const told = async () => {
    await shop.emulator.notifications.settled();
    return shop.emulator.notifications.sent;
  };

  it('hand over a direct payment, and are answered as APIv3 asks', async () => {
    const order = shop.paid({
      out_trade_no: 'N1000001',
      total: 4_200,
      attach: 'for the cat',
      notify_url: notify_url(),
    });
    const [sent, ...others] = await told();
    expect(others).toEqual([]);
    expect(sent).toMatchObject({ accepted: true, attempt: 1, answer: { status: 200, body: '' } });
    expect(shop.handled.payments).toEqual([
      {
        kind: 'direct',
        id: expect.stringMatching(/^EV-/),
        order: { mchid: MCHID, out_trade_no: 'N1000001' },
        transaction: {
          state: 'SUCCESS',
          transaction_id: order.transaction_id,
          success_time: expect.stringMatching(/\+08:00$/),
        },
        resource: expect.objectContaining({ attach: 'for the cat', amount: expect.objectContaining({ total: 4_200 }) }),
        ghost: undefined,
      },
    ]);
    expect(shop.emulator.notifications.waiting).toEqual([]);
  });

  it.each([
    ['partner', { out_trade_no: 'N2000001', sub_mchid: SUB }, { sub_mchid: SUB, out_trade_no: 'N2000001' }],
    [
      'combine',
      {
        kind: 'combine',
        combine_out_trade_no: 'N2000002',
        sub_orders: [{ out_trade_no: 'N2000002-1', sub_mchid: SUB }],
      },
      { combine_out_trade_no: 'N2000002' },
    ],
    [
      'combine',
      {
        kind: 'repayment',
        combine_out_trade_no: 'N2000003',
        sub_orders: [{ out_trade_no: 'N2000003-1', sub_mchid: SUB }],
      },
      { combine_out_trade_no: 'N2000003' },
    ],
    ['direct', { kind: 'overseas', out_trade_no: 'N2000004' }, { out_trade_no: 'N2000004' }],
    [
      'partner',
      { kind: 'overseas', out_trade_no: 'N2000005', sub_mchid: SUB },
      { sub_mchid: SUB, out_trade_no: 'N2000005' },
    ],
    ['v2', { out_trade_no: 'N2000006', notify_api: 'v2' }, { out_trade_no: 'N2000006' }],
    [
      'v2',
      { out_trade_no: 'N2000007', notify_api: 'v2', sub_mchid: SUB },
      { sub_mchid: SUB, out_trade_no: 'N2000007' },
    ],
  ] as const)('tell of a payment of kind %s', async (kind, order, named) => {
    shop.paid({ ...order, notify_url: notify_url() });
    expect(await told()).toEqual([expect.objectContaining({ accepted: true })]);
    const [payment] = shop.handled.payments;
    expect(payment).toMatchObject({ kind, order: { mchid: MCHID, ...named }, transaction: { state: 'SUCCESS' } });
    expect(payment?.order).toEqual({ mchid: MCHID, ...named });
    expect(payment?.transaction.transaction_id).toMatch(/^4200000\d{21}$/);
  });

  it('are answered as APIv2 asks', async () => {
    shop.paid({ out_trade_no: 'N3000001', notify_api: 'v2', notify_url: notify_url() });
    shop.handled.failure = new Error('the database is away');
    shop.paid({ out_trade_no: 'N3000002', notify_api: 'v2', notify_url: notify_url() });
    const answers = (await told()).map(({ answer }) => [answer?.status, answer?.headers['content-type'], answer?.body]);
    const failed = [
      500,
      'text/xml; charset=utf-8',
      '<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[failed]]></return_msg></xml>',
    ];
    expect(answers).toHaveLength(2);
    expect(answers).toContainEqual(failed);
  });

  it('end with SUCCESS in APIv2', async () => {
    shop.paid({ out_trade_no: 'N3000003', notify_api: 'v2', notify_url: notify_url() });
    const [sent] = await told();
    expect(sent?.answer).toMatchObject({
      status: 200,
      body: '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>',
    });
    expect(sent?.answer?.headers['content-type']).toBe('text/xml; charset=utf-8');
  });

  it("fail while the handler fails, and come again at WeChat Pay's intervals, signed anew, for a day", async () => {
    shop.handled.failure = new Error('the database is away');
    shop.paid({ out_trade_no: 'N4000001', notify_url: notify_url() });
    const [first] = await told();
    expect(first).toMatchObject({ accepted: false, answer: { status: 500, body: FAIL('failed') } });
    const start = shop.emulator.clock.now();
    const gaps: number[] = [];
    for (let [next] = shop.emulator.notifications.waiting; next; [next] = shop.emulator.notifications.waiting) {
      gaps.push(Math.round((next.dueAt - shop.emulator.clock.now()) / 1_000));
      shop.emulator.clock.set(next.dueAt);
      await shop.emulator.notifications.settled();
    }
    const minute = 60;
    const hour = 60 * minute;
    expect(gaps).toEqual([
      15,
      15,
      30,
      3 * minute,
      10 * minute,
      20 * minute,
      30 * minute,
      30 * minute,
      30 * minute,
      hour,
      3 * hour,
      3 * hour,
      3 * hour,
      6 * hour,
      6 * hour,
    ]);
    expect(Math.round((shop.emulator.clock.now() - start) / minute / 1_000)).toBe(24 * 60 + 4);
    const sent = await told();
    expect(sent).toHaveLength(16);
    const nonces = sent.map(({ headers }) => headers.find(([name]) => name === 'Wechatpay-Nonce')?.[1]);
    expect(new Set(nonces).size).toBe(16);
    expect(shop.handled.payments).toEqual([]);
  });

  it('stop as soon as the handler has dealt with one', async () => {
    shop.handled.failure = 'not even an error';
    shop.paid({ out_trade_no: 'N4000002', notify_url: notify_url() });
    await told();
    shop.handled.failure = undefined;
    shop.emulator.clock.advance(15_000);
    expect((await told()).map(({ accepted }) => accepted)).toEqual([false, true]);
    expect(shop.emulator.notifications.waiting).toEqual([]);
    expect(shop.handled.payments).toHaveLength(1);
  });

  it("refuse WeChat Pay's probes, and take what follows", async () => {
    shop.emulator.notifications.probes = 2;
    shop.paid({ out_trade_no: 'N5000001', notify_url: notify_url() });
    const sent = await told();
    expect(sent.map(({ fault, answer }) => [fault, answer?.status, answer?.body])).toEqual([
      ['signTest', 401, FAIL('refused: signature')],
      ['signTest', 401, FAIL('refused: signature')],
      [undefined, 200, ''],
    ]);
    expect(shop.handled.payments).toHaveLength(1);
  });

  it('are believed under the platform certificate, too', async () => {
    shop.emulator.notifications.signsWith = 'certificate';
    shop.paid({ out_trade_no: 'N5000002', notify_url: notify_url() });
    expect(await told()).toEqual([expect.objectContaining({ accepted: true })]);
  });

  it('say which payment is for an order that was closed', async () => {
    const closing = { out_trade_no: 'N6000001' };
    const order = shop.emulator.place({ ...closing, notify_url: notify_url() });
    // The shop gives up in doubt: WeChat Pay closed nothing, and the buyer still has the code.
    shop.closed.note({ mchid: MCHID, ...closing });
    shop.emulator.pay(order);
    await told();
    expect(shop.handled.payments).toEqual([expect.objectContaining({ ghost: true })]);
    const { order: closed } = await lastValueFrom(
      shop.closeOrder.direct({ out_trade_no: shop.emulator.place({ out_trade_no: 'N6000002' }).out_trade_no }),
    );
    shop.closed.note(closed);
    expect(shop.closed.wasClosed({ mchid: MCHID, out_trade_no: 'N6000002' })).toBe(true);
    expect(shop.closed.wasClosed({ mchid: MCHID, sub_mchid: SUB, out_trade_no: 'N6000002' })).toBeUndefined();
  });

  it('are not handled when the very same bytes come again', async () => {
    shop.paid({ out_trade_no: 'N7000001', notify_url: notify_url() });
    const [sent] = await told();
    const again = await shop.emulator.notifications.repeat(sent!);
    expect(again.answer).toMatchObject({ status: 401, body: FAIL('refused: replayed') });
    expect(shop.handled.payments).toHaveLength(1);
    expect((await shop.emulator.notifications.send(shop.emulator.order('N7000001')!)).accepted).toBe(true);
    expect(shop.handled.payments.map((payment) => 'id' in payment && payment.id)).toEqual([
      expect.any(String),
      'id' in shop.handled.payments[0]! ? shop.handled.payments[0].id : undefined,
    ]);
  });

  it('are not handled when their headers come twice', async () => {
    const order = shop.paid({ out_trade_no: 'N7000002', notify_url: notify_url() });
    await told();
    for (const name of ['timestamp', 'nonce', 'signature', 'serial', 'signature-type']) {
      const { answer } = await shop.emulator.notifications.send(order, {
        headers: (all) =>
          all.flatMap((header) => (header[0].toLowerCase() === `wechatpay-${name}` ? [header, header] : [header])),
      });
      expect(answer).toMatchObject({ status: 401, body: FAIL('refused: header') });
    }
    expect(shop.handled.payments).toHaveLength(1);
  });

  it.each([
    ['wrongSignature', 401, 'signature'],
    ['unsigned', 401, 'unsigned'],
    ['wrongKey', 401, 'signature'],
    ['unknownSerial', 401, 'unknownKey'],
    ['stale', 401, 'stale'],
    ['future', 401, 'stale'],
    ['flippedCiphertext', 400, 'decryption'],
    ['wrongTag', 400, 'decryption'],
    ['wrongAssociatedData', 400, 'decryption'],
    ['shortNonce', 400, 'decryption'],
    ['wrongApiV3Key', 400, 'decryption'],
  ] as const)('are refused with the fault %s', async (fault, status, reason) => {
    const order = shop.paid({ out_trade_no: 'N8000001' });
    const { body, headers } = shop.emulator.notifications.make(order, { fault });
    expect(await shop.post('/notify', body, headers)).toEqual({
      status,
      type: 'application/json; charset=utf-8',
      body: FAIL(`refused: ${reason}`),
    });
    expect(shop.handled.payments).toEqual([]);
  });

  it('are refused where their body was changed', async () => {
    const order = shop.paid({ out_trade_no: 'N8000002' });
    const { body, headers } = shop.emulator.notifications.make(order);
    const changed = body.toString().replace('支付成功', '支付成功 ');
    expect(await shop.post('/notify', changed, headers)).toMatchObject({
      status: 401,
      body: FAIL('refused: signature'),
    });
    expect(shop.handled.payments).toEqual([]);
  });

  it.each(['wrongSignature', 'unsigned', 'wrongKey', 'otherSignType', 'flippedBody'] as const)(
    'of APIv2 are refused with the fault %s',
    async (fault) => {
      const order = shop.paid({ out_trade_no: 'N8000003' });
      const { body, headers } = shop.emulator.notifications.make(order, { fault }, { api: 'v2' });
      const reason = fault === 'unsigned' ? 'unsigned' : 'signature';
      expect(await shop.post('/notify', body, headers)).toMatchObject({
        status: 401,
        body: `<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[refused: ${reason}]]></return_msg></xml>`,
      });
      expect(shop.handled.payments).toEqual([]);
    },
  );

  it('are refused when they are too large, before anything else', async () => {
    const order = shop.paid({ out_trade_no: 'N8000004' });
    const v3 = shop.emulator.notifications.make(order, {
      body: (text) => text.replace('{', `{"x":"${'x'.repeat(1 << 20)}",`),
    });
    const v2 = shop.emulator.notifications.make(
      order,
      { fields: (all) => ({ ...all, attach: 'x'.repeat(1 << 20) }) },
      { api: 'v2' },
    );
    for (const { body, headers } of [v3, v2]) {
      const { status, body: answer } = await shop.post('/notify', body, headers);
      expect([status, answer.includes('refused: tooLarge')]).toEqual([413, true]);
    }
    expect(shop.handled.payments).toEqual([]);
  });

  it('are refused in XML that is not flat, with entities or a DOCTYPE', async () => {
    const order = shop.paid({ out_trade_no: 'N8000005' });
    const changes = [
      (xml: string) => `<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>${xml}`,
      (xml: string) => xml.replace('</xml>', '<attach>&a;</attach></xml>'),
      (xml: string) => xml.replace('</xml>', '<total_fee>1</total_fee></xml>'),
      (xml: string) => xml.replace('</xml>', '<!-- --></xml>'),
    ];
    for (const body of changes) {
      const made = shop.emulator.notifications.make(order, { body }, { api: 'v2' });
      const answer = await shop.post('/notify', made.body, made.headers);
      expect([answer.status, answer.body.includes('refused: malformed')]).toEqual([400, true]);
    }
    expect(shop.handled.payments).toEqual([]);
  });

  it('are for the merchant that the route names, or refused', async () => {
    const order = shop.paid({ out_trade_no: 'N9000001' });
    const send = async (mchid: string) => {
      const { body, headers } = shop.emulator.notifications.make(order);
      return (await shop.post(`/notify/of/${mchid}`, body, headers)).status;
    };
    expect([await send(MCHID), await send('1900000110'), await send('x')]).toEqual([200, 404, 404]);
    expect(shop.handled.payments).toHaveLength(1);
  });

  it('are not handed to a handler that nothing guards', async () => {
    const order = shop.paid({ out_trade_no: 'N9000002' });
    const { body, headers } = shop.emulator.notifications.make(order);
    expect((await shop.post('/notify/unguarded', body, headers)).status).toBe(500);
    expect(shop.handled.payments).toEqual([]);
  });

  it.each(['v3', 'v2'] as const)('come for orders that a merchant placed itself, in API %s', async (api) => {
    const call = foreignClient(shop.emulator, 'publicKey');
    const [merchant] = shop.emulator.credentials.merchants;
    const { appid, mchid } = merchant!;
    const placed =
      api === 'v3'
        ? await call('post', 'v3/pay/transactions/native', {
            appid,
            mchid,
            description: 'a cat',
            out_trade_no: 'N9100001',
            notify_url: notify_url(),
            amount: { total: 7 },
          })
        : await call('post', 'v2/pay/unifiedorder', {
            appid,
            mch_id: mchid,
            nonce_str: 'n1',
            sign_type: 'HMAC-SHA256',
            body: 'a cat',
            out_trade_no: 'N9100001',
            total_fee: '7',
            spbill_create_ip: '127.0.0.1',
            notify_url: notify_url(),
            trade_type: 'NATIVE',
          });
    expect(placed.status).toBe(200);
    shop.emulator.pay('N9100001');
    expect(await told()).toEqual([expect.objectContaining({ api, accepted: true })]);
    expect(shop.handled.payments).toEqual([
      expect.objectContaining({ kind: api === 'v3' ? 'direct' : 'v2', order: { mchid, out_trade_no: 'N9100001' } }),
    ]);
  });

  it('come for an order that is paid while it is being closed', async () => {
    shop.emulator.faults.add({ kind: 'payDuringClose' });
    shop.emulator.place({ out_trade_no: 'N9100002', notify_url: notify_url() });
    await expect(lastValueFrom(shop.closeOrder.direct({ out_trade_no: 'N9100002' }))).rejects.toThrow('paid');
    expect(await told()).toEqual([expect.objectContaining({ accepted: true })]);
  });

  it('fail while nobody can say whether the order had been closed, and succeed later', async () => {
    const asks = shop.closed.wasClosed.bind(shop.closed);
    shop.closed.wasClosed = () => {
      throw new Error('the table is away');
    };
    shop.paid({ out_trade_no: 'N9100003', notify_url: notify_url() });
    expect(await told()).toEqual([expect.objectContaining({ accepted: false })]);
    shop.closed.wasClosed = asks;
    shop.emulator.clock.advance(15_000);
    expect((await told()).map(({ accepted }) => accepted)).toEqual([false, true]);
    expect(shop.handled.payments).toHaveLength(1);
  });

  it('are never sent to another machine', async () => {
    const order = shop.paid({ out_trade_no: 'N9100004', notify_url: 'http://shop.example/notify' });
    expect(await told()).toEqual([]);
    await expect(shop.emulator.notifications.send(order)).rejects.toThrow('without a notify_url on this machine');
  });

  it('that are refused fill no log', async () => {
    const said: string[] = [];
    shop.app.useLogger({ log: () => {}, error: () => {}, warn: (text: string) => void said.push(text) });
    const order = shop.paid({ out_trade_no: 'N9100005' });
    const forge = async () => {
      const { body, headers } = shop.emulator.notifications.make(order, { fault: 'unknownSerial' });
      await shop.post('/notify', body, headers);
    };
    // Later than whatever the tests before were told of.
    shop.emulator.clock.advance(3_600_000);
    for (let time = 0; time < 3; time++) await forge();
    expect(said).toEqual([
      expect.stringMatching(/^The payment notification was refused: .* [0-9A-F]{40} that is not believed/),
    ]);
    shop.emulator.clock.advance(60_000);
    await forge();
    expect(said).toHaveLength(2);
    shop.app.useLogger(false);
  });

  it('are refused when they are empty', async () => {
    expect(await shop.post('/notify', '', [])).toMatchObject({ status: 401, body: FAIL('refused: unsigned') });
  });
});

describe.each(PLATFORMS)('a shop on %s that keeps no raw body', (platform) => {
  it('fails and says how to mend it', async () => {
    const shop = await openNotifiedShop(platform, {}, { rawBody: false });
    const said: string[] = [];
    shop.app.useLogger({ log: () => {}, warn: () => {}, error: (text: string) => void said.push(text) });
    const order = shop.paid({ out_trade_no: 'N9000003' });
    const { body, headers } = shop.emulator.notifications.make(order);
    expect(await shop.post('/notify', body, headers)).toMatchObject({ status: 500, body: FAIL('failed') });
    expect(said).toEqual([
      expect.stringContaining('NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true })'),
    ]);
    await shop.close();
  });
});

describe.each(PLATFORMS)('behind a global interceptor on %s, payment notifications', (platform) => {
  let fails = false;
  let hides = false;
  let retries = 0;
  let shop: NotifiedShop;
  beforeAll(async () => {
    const interceptor: NestInterceptor = {
      intercept: (_context, next) =>
        next.handle().pipe(
          map((data: unknown) => {
            if (fails) throw new Error('the transaction cannot be committed');
            return { code: 0, data };
          }),
          retry({ count: retries, resetOnSuccess: false }),
          catchError((error: unknown) => (hides ? of({ code: 500 }) : throwError(() => error))),
        ),
    };
    shop = await openNotifiedShop(platform, {}, { interceptor });
  });
  afterAll(() => shop.close());
  afterEach(() => {
    shop.emulator.reset();
    shop.handled.failure = undefined;
    [fails, hides, retries] = [false, false, 0];
  });

  it.each([
    ['v2', '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>'],
    ['v3', ''],
  ] as const)('are answered as %s asks all the same', async (notify_api, body) => {
    shop.paid({ out_trade_no: 'N9500001', notify_api, notify_url: `${shop.url}/notify` });
    await shop.emulator.notifications.settled();
    expect(shop.emulator.notifications.sent).toMatchObject([{ accepted: true, answer: { status: 200, body } }]);
  });

  it.each(['v2', 'v3'] as const)('fail where it fails after the handler (%s)', async (notify_api) => {
    fails = true;
    shop.paid({ out_trade_no: 'N9500002', notify_api, notify_url: `${shop.url}/notify` });
    await shop.emulator.notifications.settled();
    const [sent] = shop.emulator.notifications.sent;
    expect(sent).toMatchObject({ accepted: false, answer: { status: 500, body: expect.stringContaining('FAIL') } });
  });

  it.each(['v2', 'v3'] as const)('fail where it keeps the error of the handler to itself (%s)', async (notify_api) => {
    hides = true;
    shop.handled.failure = new Error('the database is away');
    shop.paid({ out_trade_no: 'N9500003', notify_api, notify_url: `${shop.url}/notify` });
    await shop.emulator.notifications.settled();
    const [sent] = shop.emulator.notifications.sent;
    expect(sent).toMatchObject({ accepted: false, answer: { status: 500, body: expect.stringContaining('FAIL') } });
  });

  it.each(['v2', 'v3'] as const)('end with success where it tries the handler again (%s)', async (notify_api) => {
    retries = 1;
    shop.handled.failures = 1;
    shop.paid({ out_trade_no: 'N9500004', notify_api, notify_url: `${shop.url}/notify` });
    await shop.emulator.notifications.settled();
    expect(shop.emulator.notifications.sent).toMatchObject([{ accepted: true }]);
  });
});

it('is not taken for a replay by a second guard on the controller', async () => {
  const shop = await openNotifiedShop('express');
  const order = shop.paid({ out_trade_no: 'N9600001', notify_url: `${shop.url}/guarded-twice` });
  await shop.emulator.notifications.settled();
  expect(shop.emulator.notifications.sent).toMatchObject([{ accepted: true, orderId: order.id }]);
  expect(shop.handled.payments).toHaveLength(1);
  await shop.close();
});
