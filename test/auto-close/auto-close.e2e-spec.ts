import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Settlement } from 'nestjs-wechatpay/auto-close';

import { CLOSE_CASES } from '../support/close-cases.js';
import { type AutoCloseShop, openAutoCloseShop } from './auto-close-shop.js';
import { eventually } from './eventually.js';
import { scheduleOf } from './schedule-cases.js';

jest.setTimeout(60_000);

const MINUTE = 60_000;
const out_trade_no = 'AUTO000001';
const order = { mchid: '1900000109', out_trade_no };

let shop: AutoCloseShop;
beforeEach(async () => {
  shop = await openAutoCloseShop();
});
afterEach(() => shop.close());

const told = () => shop.told.settlements;
const recorded = (count = 1) =>
  eventually(async () => {
    const { settled, givenUp } = await shop.autoClose.stats();
    return settled + givenUp === count;
  });

describe('an order that nobody pays', () => {
  it('is closed when its time has come, and not before', async () => {
    const heard: Settlement[] = [];
    shop.autoClose.outcomes$.subscribe((settlement) => heard.push(settlement));
    const closeAt = new Date(shop.emulator.clock.now() + 15 * MINUTE);
    const scheduled = await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAt });
    expect(scheduled).toEqual({ order, closeAt, isNew: true, state: 'waiting' });
    shop.emulator.place({ out_trade_no });
    shop.emulator.clock.advance(14 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shop.emulator.requests).toHaveLength(0);
    expect(await shop.autoClose.outcomeOf({ out_trade_no })).toBeUndefined();

    shop.emulator.clock.advance(MINUTE);
    await recorded();
    expect(told()).toEqual([
      { state: 'CLOSED', variant: 'direct', order, settledAt: expect.any(String), attempts: 1, alreadyClosed: false },
    ]);
    expect(shop.emulator.order(out_trade_no)?.state).toBe('CLOSED');
    expect(shop.emulator.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(await shop.autoClose.outcomeOf({ out_trade_no })).toEqual(told()[0]);
    expect(heard).toEqual(told());
  });

  it.each(CLOSE_CASES.map((each) => [each.name, each] as const))('is closed through %s', async (name, closeCase) => {
    closeCase.place(shop.emulator, out_trade_no);
    shop.emulator.clock.advance(10 * MINUTE);
    const { order: scheduled } = await shop.autoClose.schedule({
      ...scheduleOf(name, out_trade_no, shop.emulator),
      closeAfter: 0,
      createdAt: shop.emulator.clock.now() - 10 * MINUTE,
    });
    await recorded();
    expect(told()).toMatchObject([{ state: 'CLOSED', variant: name }]);
    expect(await shop.autoClose.outcomeOf(scheduled)).toEqual(told()[0]);
    expect(shop.emulator.orders.map(({ state }) => state)).toEqual(['CLOSED']);
  });

  it('is not closed before it has the age that WeChat Pay demands', async () => {
    shop.emulator.place({ out_trade_no });
    const now = shop.emulator.clock.now();
    const { closeAt } = await shop.autoClose.schedule({ variant: 'v2', request: { out_trade_no }, closeAfter: MINUTE });
    expect(closeAt.getTime()).toBeGreaterThanOrEqual(now + 5 * MINUTE);
    await shop.autoClose.closeNow({ out_trade_no });
    await eventually(async () => (await shop.autoClose.stats()).waiting === 1 && shop.errors.length === 0);
    shop.emulator.clock.advance(4 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shop.emulator.requests).toHaveLength(0);
    shop.emulator.clock.advance(MINUTE + 1_000);
    await recorded();
    expect(told()).toMatchObject([{ state: 'CLOSED' }]);
  });
});

describe('an order that has been paid', () => {
  it('settles as PAID, with the transaction', async () => {
    shop.emulator.pay(shop.emulator.place({ out_trade_no }));
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await recorded();
    expect(told()).toMatchObject([
      { state: 'PAID', transaction: { state: 'SUCCESS', transaction_id: expect.any(String) } },
    ]);
  });

  it('is let go by cancel, and WeChat Pay is not asked', async () => {
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: MINUTE });
    expect(await shop.autoClose.cancel({ out_trade_no })).toEqual({ found: 'cancelled' });
    expect(await shop.autoClose.cancel({ out_trade_no })).toEqual({ found: 'unknown' });
    shop.emulator.clock.advance(2 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shop.emulator.requests).toHaveLength(0);
    expect(told()).toEqual([]);
    const again = { variant: 'direct', request: { out_trade_no }, closeAfter: 0 } as const;
    expect(await shop.autoClose.schedule(again)).toMatchObject({ isNew: true });
  });

  it('settles as PAID where the payment wins the race', async () => {
    shop.emulator.place({ out_trade_no });
    shop.emulator.faults.add({ kind: 'payDuringClose' });
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await recorded();
    expect([told()[0]?.state, shop.emulator.order(out_trade_no)?.state]).toEqual(['PAID', 'SUCCESS']);
  });
});

describe('an order that WeChat Pay does not know', () => {
  it('settles as NOT_FOUND', async () => {
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await recorded();
    expect(told()).toMatchObject([{ state: 'NOT_FOUND', order }]);
  });

  it('counts as one that is just being placed for a while', async () => {
    await shop.close();
    shop = await openAutoCloseShop({ autoClose: { notFoundAfterMs: MINUTE } });
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await eventually(() => shop.emulator.requests.length > 0);
    await eventually(async () => (await shop.autoClose.stats()).waiting === 1);
    expect(told()).toEqual([]);
    shop.emulator.place({ out_trade_no });
    shop.emulator.clock.advance(MINUTE);
    await recorded();
    expect(told()).toMatchObject([{ state: 'CLOSED' }]);
  });
});

describe('doubt', () => {
  beforeEach(async () => {
    await shop.close();
    // Each attempt asks until then.
    shop = await openAutoCloseShop({ autoClose: { settleWithinMs: 300 } });
  });

  it('is never recorded: what is not signed is not believed, and asked again', async () => {
    shop.emulator.place({ out_trade_no });
    let lies = 0;
    const tellTheTruth = shop.emulator.afterSigning((reply) => {
      lies++;
      const headers = reply.headers.filter(([name]) => !name.toLowerCase().startsWith('wechatpay-'));
      return { ...reply, headers };
    });
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await eventually(() => lies > 5);
    expect(told()).toEqual([]);
    expect(await shop.autoClose.outcomeOf({ out_trade_no })).toBeUndefined();
    tellTheTruth();
    await recorded();
    expect(told()).toMatchObject([{ state: 'CLOSED' }]);
  });

  it('is asked about until the buyer has paid', async () => {
    const placed = shop.emulator.startPaying(shop.emulator.place({ out_trade_no }));
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await eventually(() => shop.emulator.requests.length > 4);
    shop.emulator.pay(placed);
    await recorded();
    expect(told()).toMatchObject([{ state: 'PAID' }]);
  });

  it('is given up after giveUpAfterMs, with the last error, and an alarm', async () => {
    shop.emulator.startPaying(shop.emulator.place({ out_trade_no }));
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await eventually(() => shop.emulator.requests.length > 4);
    shop.emulator.clock.advance(24 * 60 * MINUTE);
    await recorded();
    expect(told()).toMatchObject([
      { state: 'GIVEN_UP', reason: 'unsettled', message: expect.stringContaining('paid') },
    ]);
    expect(shop.errors.join()).toContain('was given up (unsettled)');
  });
});

describe('a fault of the configuration', () => {
  const refuse = () => shop.emulator.beforeSigning(() => ({ status: 403, body: { code: 'NO_AUTH', message: '' } }));

  it('stops at once, raises an alarm, and holds the order until it is tried afresh', async () => {
    shop.emulator.place({ out_trade_no });
    const mend = refuse();
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await recorded();
    expect(told()).toMatchObject([{ state: 'GIVEN_UP', reason: 'refused', attempts: 1 }]);
    expect(shop.errors.join()).toContain('was given up (refused)');
    expect(await shop.autoClose.stats()).toMatchObject({ givenUp: 1 });
    const asked = shop.emulator.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shop.emulator.requests).toHaveLength(asked);

    mend();
    expect(await shop.autoClose.closeNow({ out_trade_no })).toEqual({ found: 'due' });
    await eventually(() => told().length === 2);
    expect(told()[1]).toMatchObject({ state: 'CLOSED', attempts: 1 });
  });

  it('lets go of a held order', async () => {
    refuse();
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await recorded();
    expect(await shop.autoClose.cancel({ out_trade_no })).toEqual({ found: 'cancelled' });
    expect(await shop.autoClose.stats()).toMatchObject({ givenUp: 0 });
  });
});

describe('the handler', () => {
  it('is called again when it throws, and WeChat Pay is not asked again', async () => {
    shop.emulator.place({ out_trade_no });
    shop.told.act = () => {
      if (told().length < 3) throw new Error('the database is away');
    };
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await eventually(async () => {
      shop.emulator.clock.advance(5);
      return (await shop.autoClose.stats()).settled === 1;
    });
    expect(told()).toHaveLength(3);
    expect(new Set(told().map((each) => JSON.stringify(each))).size).toBe(1);
    expect(shop.emulator.requests).toHaveLength(2);
    expect(shop.errors.filter((error) => error.includes('the database is away'))).toHaveLength(2);
  });

  it('is called again when it takes too long, and hears of it', async () => {
    await shop.close();
    shop = await openAutoCloseShop({ autoClose: { handlerTimeoutMs: 20 } });
    shop.emulator.place({ out_trade_no });
    let aborted = 0;
    shop.told.act = (_, signal) => {
      if (told().length > 1) return;
      signal.addEventListener('abort', () => aborted++);
      return new Promise(() => {});
    };
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await recorded();
    expect([told().length, aborted]).toEqual([2, 1]);
  });

  it('may ask for the outcome, schedule and cancel', async () => {
    shop.emulator.place({ out_trade_no });
    const found: unknown[] = [];
    shop.told.act = async () => {
      found.push(await shop.autoClose.cancel({ out_trade_no }), await shop.autoClose.closeNow({ out_trade_no }));
    };
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
    await recorded();
    expect(found).toEqual([{ found: 'running' }, { found: 'running' }]);
    expect(await shop.autoClose.cancel({ out_trade_no })).toMatchObject({
      found: 'settled',
      settlement: { state: 'CLOSED' },
    });
    expect(await shop.autoClose.closeNow({ out_trade_no })).toMatchObject({ found: 'settled' });
    expect(await shop.autoClose.closeNow({ out_trade_no: 'NEVER00001' })).toEqual({ found: 'unknown' });
  });
});

it('schedules an order once, however often and by whichever request', async () => {
  const first = await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 9 * MINUTE });
  const again = await shop.autoClose.schedule({
    variant: 'v2',
    request: { out_trade_no, mch_id: '1900000109' },
    closeAfter: 0,
  });
  expect(again).toEqual({ ...first, isNew: false });
  const partner = { out_trade_no, sub_mchid: '1230000109' };
  expect(await shop.autoClose.schedule({ variant: 'partner', request: partner, closeAfter: MINUTE })).toMatchObject({
    isNew: true,
  });
  expect(await shop.autoClose.stats()).toMatchObject({ waiting: 2 });
  expect(await shop.autoClose.cancel({ out_trade_no, sub_mchid: '1230000109' })).toEqual({ found: 'cancelled' });
});
