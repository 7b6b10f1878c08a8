import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Inject, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WechatPayModule } from 'nestjs-wechatpay';
import {
  AutoCloseConfigurationError,
  AutoCloseModule,
  type AutoCloseModuleOptions,
  AutoCloseService,
  CloseStoreError,
  OnSettlement,
  type Settlement,
  type SettlementHandler,
} from 'nestjs-wechatpay/auto-close';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { loadDriver } from '../../lib/auto-close/stores/sqlite/load-driver.js';
import { keys, ONE_TRY } from '../support/test-shop.js';
import { openAutoCloseShop } from './auto-close-shop.js';
import { eventually } from './eventually.js';

jest.setTimeout(60_000);

let emulator: WechatPayEmulator;
let folder: string;
let count = 0;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys });
  folder = await mkdtemp(join(tmpdir(), 'auto-close-module-'));
});
afterAll(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true, force: true });
});

const SILENT = { log: () => {}, warn: () => {}, error: () => {} };
const newFile = () => join(folder, `closes-${count++}.db`);
const wechatPay = () => WechatPayModule.forRoot({ isGlobal: true, ...emulator.options(), ...ONE_TRY });
const ending = (call: Promise<unknown>) => call.catch((error: unknown) => error);

class Orders {
  readonly settled: Settlement[] = [];
}
@Module({ providers: [Orders], exports: [Orders] })
class OrdersModule {}

@Injectable()
class NamedHandler implements SettlementHandler {
  constructor(@Inject(Orders) private readonly orders: Orders) {}
  onSettled(settlement: Settlement): void {
    this.orders.settled.push(settlement);
  }
}

/** In a module of its own, together with what schedules: neither needs to import the other. */
@OnSettlement()
@Injectable()
class MarkedHandler implements SettlementHandler {
  readonly settled: Settlement[] = [];
  constructor(@Inject(AutoCloseService) readonly autoClose: AutoCloseService) {}
  onSettled(settlement: Settlement): void {
    this.settled.push(settlement);
  }
}
@Module({ providers: [MarkedHandler] })
class MarkedModule {}

const start = async (...imports: Parameters<typeof Test.createTestingModule>[0]['imports'] & object) => {
  const module = await Test.createTestingModule({ imports: [wechatPay(), ...imports] })
    .setLogger(SILENT)
    .compile();
  return module.init();
};

describe('the handler', () => {
  it('is a class that injects from imports, with forRootAsync', async () => {
    const app = await start(
      AutoCloseModule.forRootAsync({
        imports: [OrdersModule],
        settlementHandler: NamedHandler,
        useFactory: async () => ({ store: { kind: 'sqlite', file: newFile(), pollMs: 5 } }),
      }),
    );
    emulator.place({ out_trade_no: 'NAMED00001' });
    await app
      .get(AutoCloseService)
      .schedule({ variant: 'direct', request: { out_trade_no: 'NAMED00001' }, closeAfter: 0 });
    await eventually(() => app.get(Orders).settled.length === 1);
    await app.close();
  });

  it('is a marked provider of any module, which may schedule, too', async () => {
    const store = { kind: 'sqlite', file: newFile(), pollMs: 5 } as const;
    const app = await start(AutoCloseModule.forRoot({ isGlobal: true, store }), MarkedModule);
    const handler = app.get(MarkedHandler);
    emulator.place({ out_trade_no: 'MARKED0001' });
    await handler.autoClose.schedule({ variant: 'direct', request: { out_trade_no: 'MARKED0001' }, closeAfter: 0 });
    await eventually(() => handler.settled.length === 1);
    await app.close();
  });

  it.each<[string, object, unknown[], string]>([
    ['there is none', {}, [], 'is missing; name a class'],
    ['there are two', { settlementHandler: NamedHandler, imports: [OrdersModule] }, [MarkedModule], 'there are 2'],
    ['it has no method', { settlementHandler: Orders }, [], 'has no method onSettled'],
  ])('stops the start where %s', async (_, extras, modules, words) => {
    const store = { kind: 'sqlite', file: newFile() } as const;
    const error = await ending(
      start(AutoCloseModule.forRoot({ isGlobal: true, store, ...extras }), ...(modules as [])),
    );
    expect(error).toBeInstanceOf(AutoCloseConfigurationError);
    expect(String(error)).toContain(words);
  });

  it('is not needed where orders are only scheduled', async () => {
    const store = { kind: 'sqlite', file: newFile() } as const;
    const app = await start(AutoCloseModule.forRoot({ store, worker: false }));
    const { isNew } = await app
      .get(AutoCloseService)
      .schedule({ variant: 'direct', request: { out_trade_no: 'ONLY000001' }, closeAfter: 0 });
    expect(isNew).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await app.get(AutoCloseService).stats()).toMatchObject({ waiting: 1, running: 0 });
    await app.close();
  });
});

describe('options that do not hold', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'the options are missing'],
    ['no store', {}, 'store is missing; give { kind'],
    ['another store', { store: { kind: 'mongo' } }, 'store.kind is not one of sqlite'],
    ['no file', { store: { kind: 'sqlite' } }, 'store.file is no path'],
    ['memory', { store: { kind: 'sqlite', file: ':memory:' } }, 'must survive the process'],
    [
      'another driver',
      { store: { kind: 'sqlite', file: 'a', driver: 'sqlite3' } },
      'store.driver is not one of node:sqlite',
    ],
    ['a short lease', { store: { kind: 'sqlite', file: 'a', leaseMs: 1 } }, 'store.leaseMs is not a whole number'],
    ['a name that is none', { store: { kind: 'sqlite', file: 'a' }, workers: 3 }, 'workers is no option'],
    [
      'no concurrency',
      { store: { kind: 'sqlite', file: 'a' }, concurrency: 0 },
      'concurrency is not a whole number from 1',
    ],
    ['pauses in words', { store: { kind: 'sqlite', file: 'a' }, retry: { baseMs: '1s' } }, 'retry.baseMs is not'],
    ['a worker in words', { store: { kind: 'sqlite', file: 'a' }, worker: 'no' }, 'worker is a value of type string'],
    ['variants that are no list', { store: { kind: 'sqlite', file: 'a' }, variants: {} }, 'variants is a value'],
  ])('%s', async (_, options, words) => {
    const module = AutoCloseModule.forRootAsync({
      useFactory: () => options as AutoCloseModuleOptions,
      settlementHandler: Orders as never,
    });
    const error = await ending(start(module));
    expect(error).toBeInstanceOf(AutoCloseConfigurationError);
    expect(String(error)).toContain(words);
  });
});

describe('a store that cannot be used', () => {
  const open = (file: string) =>
    ending(start(AutoCloseModule.forRoot({ store: { kind: 'sqlite', file }, worker: false })));

  it('is a folder', async () => {
    expect(await open(folder)).toMatchObject({
      name: 'CloseStoreError',
      fault: 'open',
      message: expect.stringContaining('check store.file'),
    });
  });

  it('is in a folder that cannot be made', async () => {
    const file = newFile();
    await writeFile(file, 'a file');
    expect(await open(join(file, 'closes.db'))).toMatchObject({ name: 'CloseStoreError', fault: 'open' });
  });

  it('is no SQLite file', async () => {
    const file = newFile();
    await writeFile(file, 'These are the accounts of the year 2026, and no database.'.repeat(100));
    expect(await open(file)).toMatchObject({ name: 'CloseStoreError', fault: 'open' });
  });

  it("is another application's, which is left as it is", async () => {
    const file = newFile();
    const Connector = await loadDriver();
    const theirs = new Connector(file);
    theirs.exec('CREATE TABLE orders (id TEXT)');
    expect(await open(file)).toMatchObject({ name: 'CloseStoreError', fault: 'foreign' });
    expect(theirs.prepare('SELECT name FROM sqlite_schema').all()).toMatchObject([{ name: 'orders' }]);
    expect(theirs.prepare('PRAGMA journal_mode').all()).toMatchObject([{ journal_mode: 'delete' }]);
    theirs.close();
  });

  it("is a later version's, which is left as it is", async () => {
    const file = newFile();
    const app = await start(AutoCloseModule.forRoot({ store: { kind: 'sqlite', file }, worker: false }));
    await app.close();
    const Connector = await loadDriver();
    const later = new Connector(file);
    later.exec('PRAGMA user_version = 2');
    const error = await open(file);
    expect(error).toBeInstanceOf(CloseStoreError);
    expect(error).toMatchObject({ fault: 'newerSchema', message: expect.stringContaining('update nestjs-wechatpay') });
    expect(later.prepare('PRAGMA user_version').all()).toMatchObject([{ user_version: 2 }]);
    later.close();
  });

  it('needs a package that is not installed', async () => {
    await expect(loadDriver('better-sqlite3')).rejects.toMatchObject({
      name: 'CloseStoreError',
      fault: 'package',
      message: expect.stringContaining('npm i better-sqlite3'),
    });
  });
});

describe('a shutdown', () => {
  it('waits for what is being closed, and for its handler', async () => {
    const shop = await openAutoCloseShop();
    shop.emulator.place({ out_trade_no: 'DRAIN00001' });
    let isHandled = false;
    shop.told.act = async () => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      isHandled = true;
    };
    await shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no: 'DRAIN00001' }, closeAfter: 0 });
    await eventually(() => shop.told.settlements.length === 1);
    await shop.app.close();
    expect(isHandled).toBe(true);
    await shop.close();
  });

  it('gives back what is not done within the budget, and the next start goes on with it at once', async () => {
    const first = await openAutoCloseShop({ autoClose: { drainMs: 50, settleWithinMs: 60_000 } });
    const { file } = first;
    first.emulator.place({ out_trade_no: 'BUDGET0001' });
    first.emulator.faults.add({ kind: 'stall', at: 'headers' });
    await first.autoClose.schedule({ variant: 'direct', request: { out_trade_no: 'BUDGET0001' }, closeAfter: 0 });
    await eventually(() => first.emulator.requests.length === 1);
    await first.app.close();
    expect(first.told.settlements).toEqual([]);
    first.emulator.faults.clear();
    const second = await openAutoCloseShop({ file, emulator: first.emulator });
    await eventually(() => second.told.settlements.length === 1);
    expect(second.told.settlements).toMatchObject([{ state: 'CLOSED', attempts: 1 }]);
    await second.close();
    await first.close();
  });
});
