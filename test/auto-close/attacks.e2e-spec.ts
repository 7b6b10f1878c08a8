import { rename } from 'node:fs/promises';

import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { Inject, Injectable, Module, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { WechatPayModule, type WechatPayModuleOptions } from 'nestjs-wechatpay';
import { AutoCloseModule, AutoCloseService, OnSettlement, type SettlementHandler } from 'nestjs-wechatpay/auto-close';

import { loadDriver } from '../../lib/auto-close/stores/sqlite/load-driver.js';
import { type AutoCloseShop, handlerFor, openAutoCloseShop, type ShopChange } from './auto-close-shop.js';
import { eventually } from './eventually.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const out_trade_no = 'ATTACK0001';
const direct = (number = out_trade_no) => ({ variant: 'direct', request: { out_trade_no: number } }) as const;

const shops: AutoCloseShop[] = [];
afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.close();
});
async function open(change: ShopChange = {}): Promise<AutoCloseShop> {
  const shop = await openAutoCloseShop(change);
  shops.push(shop);
  return shop;
}
const recorded = (shop: AutoCloseShop, count = 1) =>
  eventually(async () => {
    const { settled, givenUp } = await shop.autoClose.stats();
    return settled + givenUp === count;
  });
const settledStates = (shop: AutoCloseShop) => shop.told.settlements.map(({ state }) => state);

describe('a handler whose scope is the request', () => {
  /** Has a scope of its own, and with it everything that injects it. */
  @Injectable({ scope: Scope.REQUEST })
  class Tenant {}
  @Injectable()
  class TenantHandler implements SettlementHandler {
    constructor(@Inject(Tenant) readonly tenant: Tenant) {}
    onSettled(): void {}
  }
  @OnSettlement()
  @Injectable()
  class MarkedTenantHandler extends TenantHandler {}
  @Module({ providers: [Tenant], exports: [Tenant] })
  class TenantModule {}
  @Module({ imports: [TenantModule], providers: [MarkedTenantHandler] })
  class MarkedModule {}

  it.each([
    ['named', { imports: [TenantModule], settlementHandler: TenantHandler }, []],
    ['marked', {}, [MarkedModule]],
  ])('is refused at the start where it is %s: no request ends an order', async (_, change, others) => {
    const shop = await open();
    const module = await Test.createTestingModule({
      imports: [
        WechatPayModule.forRoot({ isGlobal: true, ...shop.emulator.options() }),
        AutoCloseModule.forRoot({ store: { kind: 'sqlite', file: `${shop.file}.scope` }, ...change }),
        ...others,
      ],
    })
      .setLogger({ log: () => {}, warn: () => {}, error: () => {} })
      .compile();
    const started = await module.init().then(
      () => 'started',
      (error: unknown) => error,
    );
    await module.close();
    expect(started).toMatchObject({
      name: 'AutoCloseConfigurationError',
      message: expect.stringMatching(/settlementHandler.*request/s),
    });
  });
});

describe('options whose scope is the request', () => {
  it.each(['auto-close', 'WeChat Pay'])('are refused at the start where they are those of %s', async (whose) => {
    const shop = await open();
    const wechatPay = { isGlobal: true, ...shop.emulator.options() };
    const autoClose = { store: { kind: 'sqlite', file: `${shop.file}.scope` } } as const;
    const settlementHandler = handlerFor(shop.told);
    const scoped = { inject: [REQUEST] };
    const module = await Test.createTestingModule({
      imports:
        whose === 'WeChat Pay'
          ? [
              WechatPayModule.forRootAsync({ isGlobal: true, ...scoped, useFactory: () => wechatPay }),
              AutoCloseModule.forRoot({ ...autoClose, settlementHandler }),
            ]
          : [
              WechatPayModule.forRoot(wechatPay),
              AutoCloseModule.forRootAsync({ ...scoped, settlementHandler, useFactory: () => autoClose }),
            ],
    })
      .setLogger({ log: () => {}, warn: () => {}, error: () => {} })
      .compile();
    const started = await module.init().then(
      () => 'started',
      (error: unknown) => error,
    );
    await module.close();
    expect(started).toMatchObject({ name: 'AutoCloseConfigurationError', message: expect.stringContaining('scope') });
  });
});

describe('a worker that was away for longer than giveUpAfterMs', () => {
  it('does not give up at the first attempt, which fails', async () => {
    const first = await open({ autoClose: { worker: false } });
    first.emulator.place({ out_trade_no });
    await first.autoClose.schedule({ ...direct(), closeAfter: MINUTE });
    first.emulator.clock.advance(3 * DAY);
    let retried = 0;
    const mend = first.emulator.beforeSigning(() => ({ status: 500, body: { code: 'SYSTEM_ERROR', message: '' } }));
    const shop = await open({
      file: first.file,
      emulator: first.emulator,
      autoClose: { settleWithinMs: 300, observer: { retried: () => void retried++ } },
    });
    await eventually(() => {
      first.emulator.clock.advance(5);
      return retried > 1 || shop.told.settlements.length > 0;
    });
    mend();
    await recorded(shop);
    expect(settledStates(shop)).toEqual(['CLOSED']);
  });
});

describe('a file', () => {
  it('that is removed while it is open takes no order: the order would be gone with the process', async () => {
    const shop = await open();
    await shop.autoClose.schedule({ ...direct(), closeAfter: MINUTE });
    await rename(shop.file, `${shop.file}.away`);
    const error = await shop.autoClose
      .schedule({ ...direct('LOST000001'), closeAfter: MINUTE })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'CloseStoreError', fault: 'unavailable' });
    await rename(`${shop.file}.away`, shop.file);
    expect(await shop.autoClose.schedule({ ...direct('LOST000001'), closeAfter: MINUTE })).toMatchObject({
      isNew: true,
    });
  });

  it('that another process has locked for a second stops nothing else of the application, and is waited for', async () => {
    const shop = await open();
    shop.emulator.place({ out_trade_no });
    const beside = new (await loadDriver())(shop.file);
    let finish = () => {};
    shop.told.act = () => new Promise((resolve) => (finish = resolve));
    await shop.autoClose.schedule({ ...direct(), closeAfter: 0 });
    await eventually(() => shop.told.settlements.length === 1);
    beside.exec('BEGIN IMMEDIATE');
    finish();
    const scheduled = shop.autoClose.schedule({ ...direct('LOCKED0001'), closeAfter: MINUTE });
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    clearInterval(beat);
    beside.exec('COMMIT');
    beside.close();
    expect(await scheduled).toMatchObject({ isNew: true });
    await recorded(shop);
    expect(shop.told.settlements).toHaveLength(1);
    expect(shop.errors).toEqual([]);
    expect(longest).toBeLessThan(500);
  });
});

describe('a roll-out during which an instance lacks', () => {
  const other = { mchid: '1900000110' };

  it('a merchant: it leaves the order to those that have it', async () => {
    const newer = await open({ autoClose: { worker: false } });
    const options = newer.emulator.options('both');
    const [merchant] = options.merchants ?? [];
    const renamed = { ...merchant, ...other } as NonNullable<WechatPayModuleOptions['merchants']>[number];
    const older = await open({
      file: newer.file,
      emulator: newer.emulator,
      wechatPay: { merchants: [renamed] },
      autoClose: { retry: { baseMs: 1_000, maxMs: 1_000 } },
    });
    newer.emulator.place({ out_trade_no });
    await newer.autoClose.schedule({ ...direct(), closeAfter: 0 });
    await eventually(() => older.errors.some((error) => error.includes('not configured')));
    expect(older.told.settlements).toEqual([]);
    await older.app.close();
    newer.emulator.clock.advance(MINUTE);
    const updated = await open({ file: newer.file, emulator: newer.emulator });
    await recorded(updated);
    expect(settledStates(updated)).toEqual(['CLOSED']);
  });

  it('a merchant for good: it gives up after an hour', async () => {
    const before = await open({ autoClose: { worker: false } });
    await before.autoClose.schedule({ ...direct(), closeAfter: 0 });
    const [merchant] = before.emulator.options('both').merchants ?? [];
    const renamed = { ...merchant, ...other } as NonNullable<WechatPayModuleOptions['merchants']>[number];
    const after = await open({ file: before.file, emulator: before.emulator, wechatPay: { merchants: [renamed] } });
    await eventually(() => after.errors.length > 0);
    expect(after.told.settlements).toEqual([]);
    before.emulator.clock.advance(60 * MINUTE);
    await recorded(after);
    expect(after.told.settlements).toMatchObject([{ state: 'GIVEN_UP', reason: 'invalidRequest' }]);
    expect(after.errors.filter((error) => error.includes('given up'))).toHaveLength(1);
  });
});

describe('an order that was not found', () => {
  it('is scheduled anew when it is placed after all', async () => {
    const shop = await open();
    await shop.autoClose.schedule({ ...direct(), closeAfter: 0 });
    await recorded(shop);
    expect(settledStates(shop)).toEqual(['NOT_FOUND']);

    const closeAt = new Date(shop.emulator.clock.now() + 10 * MINUTE);
    const again = await shop.autoClose.schedule({ ...direct(), closeAt });
    expect(again).toMatchObject({ isNew: true, state: 'waiting', closeAt });
    expect(await shop.autoClose.outcomeOf({ out_trade_no })).toBeUndefined();
    shop.emulator.place({ out_trade_no });
    shop.emulator.clock.advance(10 * MINUTE);
    await eventually(() => shop.told.settlements.length === 2);
    expect(shop.told.settlements[1]).toMatchObject({ state: 'CLOSED', attempts: 1 });
    expect(shop.emulator.order(out_trade_no)?.state).toBe('CLOSED');
    await recorded(shop);
  });

  it('is scheduled anew also while its handler has not taken that', async () => {
    const shop = await open({ autoClose: { retry: { baseMs: 60_000, maxMs: 60_000 } } });
    shop.told.act = ({ state }) => {
      if (state === 'NOT_FOUND') throw new Error('away');
    };
    await shop.autoClose.schedule({ ...direct(), closeAfter: 0 });
    await eventually(() => shop.errors.length === 1);
    await eventually(async () => (await shop.autoClose.stats()).waiting === 1);
    expect(await shop.autoClose.schedule({ ...direct(), closeAfter: MINUTE })).toMatchObject({ isNew: true });
    shop.emulator.place({ out_trade_no });
    shop.emulator.clock.advance(2 * MINUTE);
    await recorded(shop);
    expect(settledStates(shop)).toEqual(['NOT_FOUND', 'CLOSED']);
  });
});

describe('a stored job that was tampered with', () => {
  it.each([
    ['another order in its request', "UPDATE closes SET job = json_set(job, '$.request.out_trade_no', 'VICTIM0001')"],
    ['another merchant in its order', "UPDATE closes SET job = json_set(job, '$.order.out_trade_no', 'VICTIM0001')"],
    ['another id', "UPDATE closes SET job = json_set(job, '$.id', '1900000109.out_trade_no.VICTIM0001')"],
    ['a time that is no number', "UPDATE closes SET job = json_set(job, '$.scheduledAt', 'soon')"],
    ['no request', "UPDATE closes SET job = json_remove(job, '$.request')"],
  ])('with %s closes no other order and settles nothing', async (_, sql) => {
    const shop = await open();
    shop.emulator.place({ out_trade_no });
    shop.emulator.place({ out_trade_no: 'VICTIM0001' });
    await shop.autoClose.schedule({ ...direct(), closeAfter: MINUTE });
    const beside = new (await loadDriver())(shop.file);
    beside.exec(sql);
    beside.close();
    shop.emulator.clock.advance(2 * MINUTE);
    await eventually(() => shop.errors.length > 0);
    expect(shop.told.settlements.filter(({ state }) => state !== 'GIVEN_UP')).toEqual([]);
    expect(shop.emulator.orders.map(({ state }) => state)).toEqual(['NOTPAY', 'NOTPAY']);
    expect(shop.errors.join()).toContain(out_trade_no);
  });

  it('does not fail what is scheduled at the same time', async () => {
    const shop = await open({ autoClose: { worker: false } });
    await shop.autoClose.schedule({ ...direct(), closeAfter: MINUTE });
    const beside = new (await loadDriver())(shop.file);
    beside.exec("UPDATE closes SET job = '{'");
    beside.close();
    const [cancelled, scheduled] = await Promise.allSettled([
      shop.autoClose.cancel({ out_trade_no }),
      shop.autoClose.schedule({ ...direct('INNOCENT01'), closeAfter: MINUTE }),
    ]);
    expect(cancelled).toMatchObject({ status: 'rejected', reason: { name: 'CloseStoreError' } });
    expect(scheduled).toMatchObject({ status: 'fulfilled', value: { isNew: true } });
    expect(await shop.autoClose.stats()).toMatchObject({ waiting: 2 });
  });
});

describe('what is the application of', () => {
  it('an observer that rejects ends neither the process nor the order', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const rejected = async () => Promise.reject(new Error('the counter is away'));
    // As what TypeScript takes for a callback that returns nothing.
    const rejecting = (): void => rejected() as never;
    const shop = await open({
      autoClose: { observer: { scheduled: rejecting, started: rejecting, settled: rejecting } },
    });
    shop.emulator.place({ out_trade_no });
    await shop.autoClose.schedule({ ...direct(), closeAfter: 0 });
    await recorded(shop);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(settledStates(shop)).toEqual(['CLOSED']);
  });

  it.each([
    ['nothing', undefined],
    ['an object without a prototype', Object.create(null) as object],
    ['a symbol', Symbol('away')],
  ])('a handler that throws %s is called again with the same settlement', async (_, thrown) => {
    const shop = await open();
    shop.emulator.place({ out_trade_no });
    shop.told.act = () => {
      if (shop.told.settlements.length < 3) throw thrown;
    };
    await shop.autoClose.schedule({ ...direct(), closeAfter: 0 });
    await eventually(async () => {
      shop.emulator.clock.advance(5);
      return (await shop.autoClose.stats()).settled === 1;
    });
    expect(shop.emulator.requests).toHaveLength(2);
    expect(new Set(shop.told.settlements.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  it('a handler that rejects when its time is over harms nobody', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const shop = await open({ autoClose: { handlerTimeoutMs: 20 } });
    shop.emulator.place({ out_trade_no });
    shop.told.act = () =>
      shop.told.settlements.length > 1
        ? undefined
        : new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 60));
    await shop.autoClose.schedule({ ...direct(), closeAfter: 0 });
    await eventually(async () => {
      shop.emulator.clock.advance(5);
      return (await shop.autoClose.stats()).settled === 1;
    });
    await new Promise((resolve) => setTimeout(resolve, 80));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('names', () => {
  it.each(['a*b-c|d@e_f', '202601010001', 'ABC', 'abc', '....', '%2e%2e', "it's(1)!~"])(
    'an odd number is named by %s, or refused by a typed error',
    async (number) => {
      const shop = await open({ autoClose: { worker: false } });
      const scheduled = await shop.autoClose
        .schedule({ ...direct(number), closeAfter: MINUTE })
        .catch((error: unknown) => error);
      if (scheduled instanceof Error) expect(scheduled.name).toBe('InvalidRequestError');
      else expect(await shop.autoClose.cancel({ out_trade_no: number })).toEqual({ found: 'cancelled' });
    },
  );

  it('half a character is refused by a typed error', async () => {
    const { autoClose } = await open({ autoClose: { worker: false } });
    const error = await autoClose.cancel({ out_trade_no: '\ud800' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'InvalidScheduleError' });
  });
});

it('two modules in one application, on one file, end each order once', async () => {
  const shop = await open();
  const second = await open({ file: shop.file, emulator: shop.emulator });
  const numbers = Array.from({ length: 100 }, (_, index) => `TWO${String(index).padStart(7, '0')}`);
  for (const number of numbers) {
    shop.emulator.place({ out_trade_no: number });
    await shop.autoClose.schedule({ ...direct(number), closeAfter: 0 });
  }
  await recorded(shop, 100);
  const handled = [...shop.told.settlements, ...second.told.settlements].map(({ order }) => String(order.out_trade_no));
  expect(handled.sort((a, b) => a.localeCompare(b))).toEqual(numbers);
  expect(second.app.get(AutoCloseService)).toBe(second.autoClose);
});
