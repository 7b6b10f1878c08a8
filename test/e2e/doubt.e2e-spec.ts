import { type AddressInfo, createServer } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  type ApiV3CloseVariant,
  type ClosedOrder,
  combineVariant,
  directVariant,
  OrderNotFoundError,
  OrderPaidError,
  OutcomeUnknownError,
  PaymentInProgressError,
  v2Variant,
} from 'nestjs-wechatpay';
import type { EmulatorReply, EmulatorRequest } from 'nestjs-wechatpay/emulator';
import { Subject, takeUntil } from 'rxjs';
import { z } from 'zod';

import { RetryBudget } from '../../lib/close-order/retry-budget.js';
import { CLOSE_CASES } from '../support/close-cases.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const QUICK = { attempts: 3, baseMs: 1, maxMs: 2 };
let shop: TestShop;
let numbers = 0;
const newNumber = () => `DOUBT${String(++numbers).padStart(6, '0')}`;

beforeAll(async () => {
  shop = await openShop({ confirm: 'onDoubt', retry: QUICK });
});
afterEach(() => {
  shop.emulator.reset();
  // What one test spends of the retry budget is not to be missing in the next.
  const budget = shop.app.get(RetryBudget, { strict: false });
  for (let count = 0; count < 100; count++) for (const host of ['mainland', 'overseas']) budget.earn(host);
});
afterAll(() => shop.close());

const isClose = ({ url }: EmulatorRequest) => /close/.test(url);
const closes = () => shop.emulator.requests.filter(isClose);
const queries = () => shop.emulator.requests.filter((request) => !isClose(request));

/** Changes what arrives of replies to closes, and leaves queries alone. */
const spoilCloses = (spoil: (reply: EmulatorReply) => EmulatorReply | 'drop') =>
  shop.emulator.afterSigning((reply, { request }) => (isClose(request) ? spoil(reply) : undefined));

/** Breaks the next replies off inside their headers: before that, a kept connection may count as dead, which is no attempt. */
const loseReplies = (times: number) =>
  shop.emulator.faults.add({ kind: 'reset', at: 'insideHeaders', when: { times } });

const unsigned = (reply: EmulatorReply): EmulatorReply => ({
  ...reply,
  headers: reply.headers.filter(([name]) => !/^wechatpay-/i.test(name)),
  body: Buffer.from(reply.body.toString().replace(/<sign>.*<\/sign>/, '')),
});

describe.each(CLOSE_CASES)('$name', (variant) => {
  it('confirms by a query when the reply was lost after the order was closed', async () => {
    const number = newNumber();
    variant.place(shop.emulator, number);
    loseReplies(3);
    const closed = await ending(variant.close(shop.service, number, shop.emulator));
    expect(closed).toMatchObject({ state: 'CLOSED', confirmedBy: 'query', variant: variant.name });
    expect([closes().length, queries().length]).toEqual([3, 1]);
    expect(closed).toMatchObject({ attempts: 4 });
    expect(shop.emulator.requests.every(({ verdict }) => verdict === 'verified')).toBe(true);
  });

  it('confirms by a query when the reply is not signed, and asks once', async () => {
    const number = newNumber();
    variant.place(shop.emulator, number);
    spoilCloses(unsigned);
    expect(await ending(variant.close(shop.service, number, shop.emulator))).toMatchObject({ confirmedBy: 'query' });
    expect([closes().length, queries().length]).toEqual([1, 1]);
  });

  it('learns by a query that the order was paid, and how', async () => {
    const number = newNumber();
    shop.emulator.pay(variant.place(shop.emulator, number));
    spoilCloses(unsigned);
    const error = await ending(variant.close(shop.service, number, shop.emulator));
    expect(error).toBeInstanceOf(OrderPaidError);
    expect(error).toMatchObject({
      authenticated: true,
      transaction: {
        state: 'SUCCESS',
        transaction_id: expect.stringMatching(/^\d+$/),
        success_time: expect.any(String),
      },
    });
  });

  it('learns by a query that the order does not exist', async () => {
    spoilCloses(unsigned);
    const error = await ending(variant.close(shop.service, newNumber(), shop.emulator));
    expect(error).toBeInstanceOf(OrderNotFoundError);
    expect(error).toMatchObject({ authenticated: true });
  });

  it('stays in doubt while the buyer pays', async () => {
    const number = newNumber();
    shop.emulator.startPaying(variant.place(shop.emulator, number));
    expect(await ending(variant.close(shop.service, number, shop.emulator))).toBeInstanceOf(PaymentInProgressError);
    expect([closes().length, queries().length]).toEqual([1, 1]);
  });

  it('stays in doubt when the query is not proven either, and says what it first was', async () => {
    const number = newNumber();
    variant.place(shop.emulator, number);
    shop.emulator.afterSigning(unsigned);
    const error = await ending(variant.close(shop.service, number, shop.emulator));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ reason: 'unsigned', authenticated: false });
  });

  it("confirm: 'always' asks after a verified reply, too", async () => {
    const number = newNumber();
    variant.place(shop.emulator, number);
    const closed = await ending(variant.close(shop.service, number, shop.emulator, { confirm: 'always' }));
    expect(closed).toMatchObject({ state: 'CLOSED', confirmedBy: 'query', attempts: 2 });
  });

  it("confirm: 'never' never asks", async () => {
    const number = newNumber();
    variant.place(shop.emulator, number);
    spoilCloses(unsigned);
    const error = await ending(variant.close(shop.service, number, shop.emulator, { confirm: 'never' }));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason: 'unsigned' });
    expect(queries()).toHaveLength(0);
  });
});

describe('query', () => {
  /** Makes the answers to queries say something else, rightly signed. */
  const changeAnswers = (change: object) =>
    shop.emulator.beforeSigning((answer) =>
      'status' in answer ? { status: 200, body: { ...(answer.body as object), ...change } } : answer,
    );

  it.each<[string, (number: string) => unknown, object]>([
    ['an open order', () => undefined, { state: 'NOTPAY' }],
    ['a paid order', (number) => shop.emulator.pay(number), { state: 'SUCCESS', transaction: { state: 'SUCCESS' } }],
    [
      'a refunded order',
      (number) => shop.emulator.refund(shop.emulator.pay(number)),
      { state: 'REFUND', transaction: { state: 'REFUND' } },
    ],
    ['a closed order', (number) => shop.emulator.order(number)?.close(0), { state: 'CLOSED' }],
    ['an order that is being paid', (number) => shop.emulator.startPaying(number), { state: 'USERPAYING' }],
  ])('tells the state of %s', async (_, change, state) => {
    for (const variant of [directVariant, v2Variant]) {
      const out_trade_no = newNumber();
      shop.emulator.place({ out_trade_no });
      change(out_trade_no);
      const queried = await ending(
        variant === v2Variant
          ? shop.service.query(v2Variant, { out_trade_no })
          : shop.service.query(directVariant, { out_trade_no }),
      );
      expect(queried).toMatchObject({
        ...state,
        variant: variant.name,
        order: { out_trade_no },
        attempts: 1,
        response: { out_trade_no },
      });
    }
  });

  it('tells that there is no such order', async () => {
    expect(await ending(shop.service.query(directVariant, { out_trade_no: newNumber() }))).toBeInstanceOf(
      OrderNotFoundError,
    );
  });

  it.each([
    ['another number', { out_trade_no: 'DOUBT999999' }],
    ['no number', { out_trade_no: undefined }],
    ['another merchant', { mchid: '1900000110' }],
    ['no merchant', { mchid: undefined }],
  ])('does not believe a signed answer that names %s', async (_, change) => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    changeAnswers(change);
    expect(await ending(shop.service.query(directVariant, { out_trade_no }))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'identity',
      authenticated: true,
    });
  });

  it.each([
    ['an unknown state', { trade_state: 'SOMETHING' }],
    ['no state', { trade_state: undefined }],
    ['a state that is no text', { trade_state: ['CLOSED'] }],
  ])('does not believe %s', async (_, change) => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    changeAnswers(change);
    expect(await ending(shop.service.query(directVariant, { out_trade_no }))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'shape',
    });
  });

  it('wants every part of a combined order, and folds their states into one', async () => {
    const sub_orders = ['1', '2'].map((part) => ({ mchid: '1900000109', out_trade_no: `PART00000${part}` }));
    const request = { combine_out_trade_no: 'COMBINED1', combine_appid: 'wx8888888888888888', sub_orders };
    shop.emulator.place({ kind: 'combine', ...request });
    const answer = (states: string[]) =>
      shop.emulator.beforeSigning(() => ({
        status: 200,
        body: {
          combine_out_trade_no: 'COMBINED1',
          sub_orders: states.map((trade_state, index) => ({ ...sub_orders[index], trade_state })),
        },
      }));
    const cases: [string[], object][] = [
      [['CLOSED', 'CLOSED'], { state: 'CLOSED' }],
      [['CLOSED', 'NOTPAY'], { state: 'NOTPAY' }],
      [['SUCCESS', 'CLOSED'], { state: 'SUCCESS' }],
      [['NOTPAY', 'REFUND'], { state: 'REFUND' }],
      [['CLOSED'], { name: 'OutcomeUnknownError', reason: 'identity' }],
      [['CLOSED', 'CLOSED', 'CLOSED'], { name: 'OutcomeUnknownError', reason: 'identity' }],
    ];
    for (const [states, expected] of cases) {
      const undo = answer(states);
      expect(await ending(shop.service.query(combineVariant, request))).toMatchObject(expected);
      undo();
    }
  });
});

describe('retries', () => {
  it('repeat a lost attempt, signed afresh, until one succeeds', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    loseReplies(2);
    expect(await ending(shop.service.direct({ out_trade_no }))).toMatchObject({
      state: 'CLOSED',
      confirmedBy: 'reply',
      attempts: 3,
    });
    expect(
      new Set(shop.emulator.requests.map(({ headers }) => headers.find(([name]) => name === 'Authorization')?.[1]))
        .size,
    ).toBe(3);
  });

  it.each([
    [500, { code: 'SYSTEM_ERROR', message: '系统错误' }],
    [503, undefined],
    [429, { code: 'RATELIMIT_EXCEEDED', message: '频率超限' }],
  ])(
    'repeat after HTTP %d',
    async (status, body) => {
      const out_trade_no = newNumber();
      shop.emulator.place({ out_trade_no });
      let answers = 0;
      shop.emulator.beforeSigning((answer) => (++answers < 3 ? { status, body } : answer));
      const hasty = shop.service.direct({ out_trade_no });
      expect(await ending(hasty)).toMatchObject({ state: 'CLOSED', attempts: 3 });
    },
    15_000,
  );

  it.each([
    [502, '<html>502 Bad Gateway</html>'],
    [503, ''],
    [429, 'slow down'],
  ])(
    'repeat an APIv2 close after HTTP %d of a gateway, which speaks no XML',
    async (status, text) => {
      const out_trade_no = newNumber();
      shop.emulator.place({ out_trade_no });
      let replies = 0;
      spoilCloses((reply) => (++replies < 3 ? { ...reply, status, headers: [], body: Buffer.from(text) } : reply));
      const closed = await ending(shop.service.v2({ out_trade_no }));
      expect(closed).toMatchObject({ state: 'CLOSED', confirmedBy: 'reply', attempts: 3 });
    },
    15_000,
  );

  it.each([
    [
      'a wrong signature',
      (reply: EmulatorReply) => ({
        ...reply,
        headers: reply.headers.map(([name, value]) => [name, name === 'Wechatpay-Nonce' ? 'x' : value] as const),
      }),
    ],
    ['a redirect', (reply: EmulatorReply) => ({ ...reply, status: 302 })],
  ])('do not repeat after %s', async (_, spoil) => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    spoilCloses(spoil);
    await ending(shop.service.direct({ out_trade_no }, { confirm: 'never' }));
    expect(closes()).toHaveLength(1);
  });

  it('do not repeat a refusal', async () => {
    shop.emulator.beforeSigning(() => ({ status: 403, body: { code: 'NO_AUTH', message: '' } }));
    expect(await ending(shop.service.direct({ out_trade_no: newNumber() }))).toMatchObject({
      name: 'RequestRefusedError',
      attempts: 1,
    });
    expect([closes().length, queries().length]).toEqual([1, 0]);
  });

  it('stop when the budget of the host is spent', async () => {
    const failing = await openShop({ confirm: 'never', retry: QUICK });
    failing.emulator.afterSigning(() => 'drop');
    for (let count = 0; count < 50; count++) await ending(failing.service.direct({ out_trade_no: newNumber() }));
    // 50 first attempts, and 10 retries from a full purse: not 150.
    expect(failing.emulator.requests).toHaveLength(60);
    await failing.close();
  });

  it('wait as long as Retry-After asks', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    let answers = 0;
    shop.emulator.beforeSigning((answer) =>
      ++answers < 2 ? { status: 429, body: { code: 'FREQUENCY_LIMITED' } } : answer,
    );
    shop.emulator.afterSigning((reply) =>
      reply.status === 429 ? { ...reply, headers: [...reply.headers, ['Retry-After', '1']] } : undefined,
    );
    const begun = performance.now();
    expect(await ending(shop.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED', attempts: 2 });
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  it('do not make a call look unsent of which an earlier attempt was sent', async () => {
    let heard = 0;
    const once = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', () => {
          heard++;
          once.close();
          socket.destroy();
        });
    });
    await new Promise<void>((resolve) => once.listen(0, '127.0.0.1', resolve));
    const hosts = { mainland: `http://127.0.0.1:${(once.address() as AddressInfo).port}` };
    const cut = await openShop({ confirm: 'never', retry: QUICK, hosts });
    const error = await ending(cut.service.direct({ out_trade_no: newNumber() }));
    await cut.close();
    expect(heard).toBe(1);
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'sent', reason: 'connect', attempts: 3 });
    expect(String(error)).not.toContain('has not seen');
  });

  it('cut off by the deadline leave open what the attempt under way did', async () => {
    const slow = await openShop({ confirm: 'never', retry: QUICK, timeouts: { totalMs: 400 } });
    slow.emulator.place({ out_trade_no: 'CUTOFF0001' });
    let replies = 0;
    slow.emulator.afterSigning(() => (++replies === 1 ? 'drop' : new Promise<undefined>(() => {})));
    const error = await ending(slow.service.direct({ out_trade_no: 'CUTOFF0001' }));
    await slow.close();
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'sent', reason: 'timeout', attempts: 2 });
  });

  it('end with the whole call, which says what the last attempt met', async () => {
    const hasty = await openShop({
      confirm: 'never',
      retry: { attempts: 10, baseMs: 60_000, maxMs: 60_000 },
      timeouts: { totalMs: 100 },
    });
    hasty.emulator.afterSigning(() => 'drop');
    expect(await ending(hasty.service.direct({ out_trade_no: newNumber() }))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'reset',
    });
    await hasty.close();
  });
});

describe('a reply that was recorded', () => {
  it('of APIv3 does not close another order', async () => {
    const [first, second] = [newNumber(), newNumber()];
    shop.emulator.place({ out_trade_no: first });
    const open = shop.emulator.place({ out_trade_no: second });
    await ending(shop.service.direct({ out_trade_no: first }));
    const recorded = shop.emulator.requests[0]?.reply;
    if (recorded === undefined) throw new Error('nothing was recorded');
    spoilCloses(() => recorded);
    expect(await ending(shop.service.direct({ out_trade_no: second }, { confirm: 'never' }))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'replay',
      hint: { outcome: 'closed' },
    });
    expect(open.state).toBe('CLOSED');
  });

  it('of APIv2 does not close another order', async () => {
    const [first, second] = [newNumber(), newNumber()];
    for (const out_trade_no of [first, second]) shop.emulator.place({ out_trade_no });
    await ending(shop.service.v2({ out_trade_no: first }));
    const recorded = shop.emulator.requests[0]?.reply;
    if (recorded === undefined) throw new Error('nothing was recorded');
    spoilCloses(() => recorded);
    expect(await ending(shop.service.v2({ out_trade_no: second }, { confirm: 'never' }))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'replay',
    });
  });

  it('of APIv2 does not close another order a day later, either, since it carries no time', async () => {
    const [first, second] = [newNumber(), newNumber()];
    for (const out_trade_no of [first, second]) shop.emulator.place({ out_trade_no });
    await ending(shop.service.v2({ out_trade_no: first }));
    const recorded = shop.emulator.requests[0]?.reply;
    if (recorded === undefined) throw new Error('nothing was recorded');
    shop.emulator.clock.advance(86_400_000);
    spoilCloses(() => recorded);
    expect(await ending(shop.service.v2({ out_trade_no: second }, { confirm: 'never' }))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'replay',
    });
  });

  it.each([
    ['an answer to a query', { out_trade_no: 'X', trade_state: 'SUCCESS' }],
    [
      'a notification of a payment',
      { out_trade_no: 'X', transaction_id: '42', total_fee: '1', time_end: '20261122000000' },
    ],
    ['an answer to a placement', { prepay_id: 'wx1', trade_type: 'NATIVE', code_url: 'weixin://' }],
  ])('of APIv2 that is %s is not taken for the reply to a close', async (_, fields) => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    shop.emulator.beforeSigning((answer) =>
      'fields' in answer ? { fields: { ...answer.fields, ...fields } } : answer,
    );
    expect(await ending(shop.service.v2({ out_trade_no }, { confirm: 'never' }))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'shape',
      authenticated: true,
    });
  });
});

it('an order that stays open although its close was signed is closed again, 3 times at most, and then in doubt', async () => {
  const [closedNumber, openNumber] = [newNumber(), newNumber()];
  shop.emulator.place({ out_trade_no: closedNumber });
  shop.emulator.place({ out_trade_no: openNumber });
  const request = z.strictObject({ out_trade_no: z.string() });
  // Asks to close one order and asks after another: what a confused gateway would do.
  const confused: ApiV3CloseVariant<{ out_trade_no: string }> = {
    api: 'v3',
    name: 'confused',
    host: 'mainland',
    request,
    complete: request,
    merchantNumber: () => undefined,
    fill: (given) => given,
    order: (given) => given,
    path: () => directVariant.path({ out_trade_no: closedNumber, mchid: '1900000109' }),
    body: () => ({ mchid: '1900000109' }),
    query: {
      target: () => `/v3/pay/transactions/out-trade-no/${openNumber}?mchid=1900000109`,
      number: () => [['out_trade_no'], openNumber],
      parties: () => ({ mchid: '1900000109' }),
    },
  };
  const error = await ending(shop.service.close(confused, { out_trade_no: openNumber }, { confirm: 'always' }));
  expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason: 'unconfirmed', attempts: 6 });
  expect([closes().length, queries().length]).toEqual([3, 3]);
});

describe('equal closes at the same time', () => {
  it('share one request, and end alike', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    const ends = await Promise.all([1, 2, 3].map(() => ending(shop.service.direct({ out_trade_no }))));
    expect(new Set(ends.map((end) => (end as ClosedOrder).requestId)).size).toBe(1);
    expect(closes()).toHaveLength(1);
    await ending(shop.service.direct({ out_trade_no }));
    expect(closes()).toHaveLength(2);
  });

  it('go on when one of them is unsubscribed from, and end with the last', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    let release = () => {};
    shop.emulator.afterSigning(() => new Promise<void>((resolve) => (release = resolve)));
    const stop = new Subject<void>();
    const first = ending(shop.service.direct({ out_trade_no }));
    shop.service.direct({ out_trade_no }).pipe(takeUntil(stop)).subscribe();
    await until(() => closes().length === 1);
    stop.next();
    release();
    expect(await first).toMatchObject({ state: 'CLOSED' });
    expect(closes()).toHaveLength(1);
  });

  it('never merge where they differ', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    shop.emulator.place({ out_trade_no, sub_mchid: '1230000109' });
    await Promise.all([
      ending(shop.service.direct({ out_trade_no })),
      ending(shop.service.partner({ out_trade_no, sub_mchid: '1230000109' })),
      ending(shop.service.v2({ out_trade_no })),
      ending(shop.service.direct({ out_trade_no }, { confirm: 'never' })),
    ]);
    expect(closes()).toHaveLength(4);
  });
});

describe('shutdown', () => {
  it('ends what is under way as unknown, lets nothing more out, and leaves no socket', async () => {
    const closing = await openShop({ timeouts: { shutdownMs: 100 } });
    closing.emulator.afterSigning(() => new Promise<undefined>(() => {}));
    const ends = Array.from({ length: 100 }, (_, index) =>
      ending(closing.service.direct({ out_trade_no: `SHUTDOWN${index}` })),
    );
    await until(() => closing.emulator.requests.length >= 64);
    await closing.app.close();
    const before = closing.emulator.requests.length;
    for (const error of await Promise.all(ends))
      expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason: 'shutdown' });
    expect(await ending(closing.service.direct({ out_trade_no: 'SHUTDOWNX' }))).toMatchObject({
      phase: 'notSent',
      reason: 'shutdown',
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closing.emulator.requests).toHaveLength(before);
    await closing.emulator.stop();
  });
});

describe("the machine's clock", () => {
  const warnings: unknown[] = [];
  const listen = () =>
    Logger.overrideLogger({
      log: () => {},
      error: () => {},
      warn: (message: unknown) => void warnings.push(String(message)),
    });

  it('is warned about once when it is more than 60 s off, and named when a signature is refused', async () => {
    const skewed = await openShop();
    listen();
    skewed.clock.stoppedAt = Date.now() + 600_000;
    const error = await ending(skewed.service.direct({ out_trade_no: newNumber() }));
    await ending(skewed.service.direct({ out_trade_no: newNumber() }));
    expect(error).toMatchObject({ name: 'RequestRefusedError', code: 'SIGN_ERROR', authenticated: false });
    expect(String(error)).toMatch(/this machine's clock is (599|600|601) s ahead of WeChat Pay's/);
    expect(warnings).toEqual([expect.stringMatching(/clock is (599|600|601) s ahead of WeChat Pay's.*check NTP/)]);
    await skewed.close();
  });

  it('is not mentioned when it is right', async () => {
    warnings.length = 0;
    await ending(shop.service.direct({ out_trade_no: newNumber() }));
    expect(warnings).toEqual([]);
  });
});
