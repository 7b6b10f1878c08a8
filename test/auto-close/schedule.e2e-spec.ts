import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { directVariant, InvalidRequestError } from 'nestjs-wechatpay';
import {
  CloseStoreError,
  InvalidScheduleError,
  type PendingOrder,
  type ScheduleClose,
} from 'nestjs-wechatpay/auto-close';
import { from } from 'rxjs';

import { type AutoCloseShop, openAutoCloseShop } from './auto-close-shop.js';
import { eventually } from './eventually.js';

jest.setTimeout(60_000);

const DAY = 86_400_000;
const MINUTE = 60_000;
const out_trade_no = 'PLAN000001';
const request = { out_trade_no };

/** A variant of the application's own: as direct, with a number of its own making. */
const own = { ...directVariant, name: 'own' };

let shop: AutoCloseShop;
beforeAll(async () => {
  shop = await openAutoCloseShop({ autoClose: { variants: [own] } });
});
afterEach(async () => {
  shop.emulator.reset();
  shop.errors.length = 0;
});
afterAll(() => shop.close());

const ending = (call: Promise<unknown>) => call.catch((error: unknown) => error);
const nothing = { waiting: 0, due: 0, running: 0, settled: 0, givenUp: 0, oldestOverdueMs: 0 };

describe('what cannot be scheduled', () => {
  const circle: Record<string, unknown> = { out_trade_no };
  circle['circle'] = circle;

  it.each<[string, () => unknown, typeof InvalidScheduleError | typeof InvalidRequestError, string]>([
    ['nothing', () => undefined, InvalidScheduleError, 'close must be given as an object'],
    ['no time', () => ({ variant: 'direct', request }), InvalidScheduleError, 'closeAt or closeAfter must be given'],
    [
      'two times',
      () => ({ variant: 'direct', request, closeAt: Date.now() + MINUTE, closeAfter: 1 }),
      InvalidScheduleError,
      'one of the two',
    ],
    [
      'a time that is past',
      () => ({ variant: 'direct', request, closeAt: new Date(Date.now() - 1_000) }),
      InvalidScheduleError,
      'closeAt is past',
    ],
    [
      'a time beyond 7 days',
      () => ({ variant: 'direct', request, closeAt: Date.now() + 7 * DAY + MINUTE }),
      InvalidScheduleError,
      'more than 7 days',
    ],
    [
      'a while beyond 7 days',
      () => ({ variant: 'direct', request, closeAfter: 7 * DAY + 1 }),
      InvalidScheduleError,
      'from 0 to 7 days',
    ],
    [
      'a negative while',
      () => ({ variant: 'direct', request, closeAfter: -1 }),
      InvalidScheduleError,
      'closeAfter must be',
    ],
    [
      'a while that is no number',
      () => ({ variant: 'direct', request, closeAfter: Number.NaN }),
      InvalidScheduleError,
      'closeAfter must be',
    ],
    [
      'a while in words',
      () => ({ variant: 'direct', request, closeAfter: '15m' }),
      InvalidScheduleError,
      'closeAfter must be',
    ],
    [
      'no date',
      () => ({ variant: 'direct', request, closeAt: new Date('soon') }),
      InvalidScheduleError,
      'closeAt must be a date',
    ],
    [
      'a date in words',
      () => ({ variant: 'direct', request, closeAt: '2026-11-22' }),
      InvalidScheduleError,
      'closeAt must be a date',
    ],
    [
      'a creation to come',
      () => ({ variant: 'direct', request, closeAfter: 1, createdAt: Date.now() + DAY }),
      InvalidScheduleError,
      'createdAt is ahead',
    ],
    [
      'an unknown variant',
      () => ({ variant: 'app', request, closeAfter: 1 }),
      InvalidScheduleError,
      'variant is not known; there are v2, direct',
    ],
    [
      'a variant that is not registered',
      () => ({ variant: { ...own, name: 'other' }, request, closeAfter: 1 }),
      InvalidScheduleError,
      'variants of AutoCloseModule',
    ],
    ['several faults', () => ({ variant: 'app', request, closeAfter: -1 }), InvalidScheduleError, 'closeAfter must be'],
    [
      'no request',
      () => ({ variant: 'direct', closeAfter: 1 }),
      InvalidRequestError,
      'request must be given as an object',
    ],
    [
      'a request that is no JSON',
      () => ({ variant: 'direct', request: circle, closeAfter: 1 }),
      InvalidRequestError,
      'cannot be written as JSON',
    ],
    [
      'a request that is endless',
      () => ({ variant: 'direct', request: { out_trade_no: 'A'.repeat(70_000) }, closeAfter: 1 }),
      InvalidRequestError,
      'is longer than',
    ],
    [
      'a number that is too short',
      () => ({ variant: 'direct', request: { out_trade_no: '1' }, closeAfter: 1 }),
      InvalidRequestError,
      'out_trade_no must be 6 to 32',
    ],
    [
      'a field that is missing',
      () => ({ variant: 'partner', request, closeAfter: 1 }),
      InvalidRequestError,
      'sub_mchid is missing',
    ],
    [
      'a merchant that is not configured',
      () => ({ variant: 'direct', request, closeAfter: 1, merchant: '1' }),
      InvalidRequestError,
      '1 is not configured',
    ],
    [
      'a merchant that is not the one in the request',
      () => ({ variant: 'direct', request: { ...request, mchid: '2' }, merchant: '1900000109', closeAfter: 1 }),
      InvalidRequestError,
      'give one of them',
    ],
  ])('%s: it is refused, and nothing is stored or sent', async (_, close, type, words) => {
    const error = await ending(shop.autoClose.schedule(close() as ScheduleClose<'direct'>));
    expect(error).toBeInstanceOf(type);
    expect(String(error)).toContain(words);
    expect(await shop.autoClose.stats()).toEqual(nothing);
    expect(shop.emulator.requests).toHaveLength(0);
  });

  it.each([
    ['nothing', {}],
    ['two numbers', { out_trade_no, transaction_id: '1' }],
    ['a field that is none', { out_trade_no, appid: 'wx1' }],
    ['another merchant', { out_trade_no, mchid: '1' }],
  ])('an order named by %s is refused', async (_, order) => {
    for (const call of [
      shop.autoClose.cancel(order),
      shop.autoClose.closeNow(order),
      shop.autoClose.outcomeOf(order),
    ]) {
      expect(await ending(call)).toBeInstanceOf(InvalidRequestError);
    }
  });
});

it('closes through a variant of the application', async () => {
  shop.emulator.place({ out_trade_no: 'OWN0000001' });
  await shop.autoClose.schedule({ variant: own, request: { out_trade_no: 'OWN0000001' }, closeAfter: 0 });
  await eventually(() => shop.told.settlements.length === 1);
  expect(shop.told.settlements).toMatchObject([{ state: 'CLOSED', variant: 'own' }]);
  await eventually(async () => (await shop.autoClose.stats()).settled === 1);
});

describe('reconcile', () => {
  const pending = (prefix: string) =>
    Array.from({ length: 30 }, (_, index): PendingOrder<'direct'> => ({
      variant: 'direct',
      request: { out_trade_no: `${prefix}${String(index).padStart(6, '0')}` },
      closeAt: Date.now() + DAY,
    }));
  const sources = {
    'an iterable': (orders: PendingOrder<'direct'>[]) => orders,
    'an async iterable': async function* (orders: PendingOrder<'direct'>[]) {
      yield* orders;
    },
    'an Observable': (orders: PendingOrder<'direct'>[]) => from(orders),
  };

  it.each(Object.entries(sources))('schedules what is missing, from %s', async (name, source) => {
    const orders = pending(name.toUpperCase().replaceAll(' ', '-').slice(0, 16));
    await shop.autoClose.schedule({ variant: 'direct', request: orders[0]!.request, closeAfter: DAY });
    const wrong: PendingOrder<'direct'> = { variant: 'direct', request: { out_trade_no: '?' } };
    const far: PendingOrder<'direct'> = {
      ...orders[1]!,
      request: { out_trade_no: 'FAR0000001' },
      closeAt: Date.now() + 9 * DAY,
    };
    expect(await shop.autoClose.reconcile(source([...orders, wrong, far]))).toEqual({
      scheduled: 29,
      present: 1,
      tried: 0,
      settled: 0,
      invalid: 2,
    });
    expect(shop.errors.filter((error) => error.includes('nobody closes it'))).toHaveLength(2);
    expect(await shop.autoClose.reconcile(source(orders))).toMatchObject({ scheduled: 0, present: 30 });
    for (const { request: each } of orders) await shop.autoClose.cancel(each);
  });

  it('closes at once what is overdue, tries afresh what was given up, and leaves what is settled', async () => {
    shop.emulator.place({ out_trade_no: 'OVERDUE001' });
    const refusing = shop.emulator.beforeSigning(() => ({ status: 403, body: { code: 'NO_AUTH', message: '' } }));
    const order: PendingOrder<'direct'> = {
      variant: 'direct',
      request: { out_trade_no: 'OVERDUE001' },
      closeAt: Date.now() - DAY,
    };
    expect(await shop.autoClose.reconcile([order])).toMatchObject({ scheduled: 1 });
    await eventually(async () => (await shop.autoClose.stats()).givenUp === 1);
    refusing();
    expect(await shop.autoClose.reconcile([order])).toMatchObject({ tried: 1 });
    await eventually(async () => (await shop.autoClose.outcomeOf({ out_trade_no: 'OVERDUE001' }))?.state === 'CLOSED');
    await eventually(async () => (await shop.autoClose.stats()).running === 0);
    expect(await shop.autoClose.reconcile([order])).toMatchObject({ settled: 1 });
  });

  it('ends with what the source throws', async () => {
    const broken = () => {
      throw new Error('the database is away');
    };
    const source = (async function* () {
      yield broken();
    })();
    expect(await ending(shop.autoClose.reconcile(source))).toMatchObject({ message: 'the database is away' });
  });
});

it('tells the observer what happens, and minds none of its errors', async () => {
  const events: string[] = [];
  const note = (name: string) => (event?: object) => {
    events.push(`${name} ${Object.keys(event ?? {}).join()}`);
    throw new Error('the counter is away');
  };
  const observer = {
    scheduled: note('scheduled'),
    cancelled: note('cancelled'),
    started: note('started'),
    retried: note('retried'),
    settled: note('settled'),
  };
  const observed = await openAutoCloseShop({ autoClose: { observer } });
  observed.emulator.place({ out_trade_no });
  observed.told.act = jest.fn<() => void>().mockImplementationOnce(() => {
    throw new Error('once');
  });
  await observed.autoClose.schedule({ variant: 'direct', request, closeAfter: 0 });
  await eventually(async () => (await observed.autoClose.stats()).settled === 1);
  await observed.autoClose.schedule({ variant: 'direct', request: { out_trade_no: 'OTHER00001' }, closeAfter: DAY });
  await observed.autoClose.cancel({ out_trade_no: 'OTHER00001' });
  expect(events).toEqual([
    'scheduled variant',
    'started variant,attempt,lateMs',
    'retried variant,afterMs,because',
    'started variant,attempt,lateMs',
    'settled settlement,lateMs',
    'scheduled variant',
    'cancelled ',
  ]);
  await observed.close();
});

it('refuses everything once the application has shut down', async () => {
  const closed = await openAutoCloseShop();
  await closed.app.close();
  const calls = [closed.autoClose.schedule({ variant: 'direct', request, closeAfter: 0 }), closed.autoClose.stats()];
  for (const call of calls) {
    const error = await ending(call);
    expect(error).toBeInstanceOf(CloseStoreError);
    expect(error).toMatchObject({ fault: 'closed' });
  }
  await closed.close();
});

it('an order that its merchant has no keys to close is refused at once; others of that merchant are scheduled and cancelled', async () => {
  const merchants = shop.emulator.options().merchants.map(({ mchid, appid, apiV2 }) => ({
    mchid,
    ...(appid !== undefined && { appid }),
    ...(apiV2 && { apiV2 }),
  }));
  const v2Only = await openAutoCloseShop({ emulator: shop.emulator, wechatPay: { merchants } });
  expect(await ending(v2Only.autoClose.schedule({ variant: 'direct', request, closeAfter: MINUTE }))).toMatchObject({
    name: 'InvalidRequestError',
    message: expect.stringContaining('has no apiV3, which this variant needs'),
  });
  expect(await v2Only.autoClose.stats()).toMatchObject(nothing);
  await v2Only.autoClose.schedule({ variant: 'v2', request, closeAfter: 10 * MINUTE });
  expect(await v2Only.autoClose.cancel({ out_trade_no })).toMatchObject({ found: 'cancelled' });
  await v2Only.close();
});
