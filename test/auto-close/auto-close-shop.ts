import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type INestApplicationContext, Injectable, type LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Clock, Randomness, WechatPayModule, type WechatPayModuleOptions } from 'nestjs-wechatpay';
import {
  AutoCloseModule,
  type AutoCloseModuleExtras,
  type AutoCloseModuleOptions,
  AutoCloseService,
  type Settlement,
  type SettlementHandler,
} from 'nestjs-wechatpay/auto-close';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { keys, ONE_TRY } from '../support/test-shop.js';

/** What the handlers of a test have been told, and what they do. */
export interface Told {
  readonly settlements: Settlement[];
  act: (settlement: Settlement, signal: AbortSignal) => Promise<void> | void;
}

/** Makes a handler class that notes what it is told. */
export function handlerFor(told: Told): new () => SettlementHandler {
  @Injectable()
  class NotingHandler implements SettlementHandler {
    onSettled(settlement: Settlement, signal: AbortSignal): Promise<void> | void {
      told.settlements.push(settlement);
      return told.act(settlement, signal);
    }
  }
  return NotingHandler;
}

/** A shop with auto-close, whose clock is the emulator's: moving that one moves both. */
export interface AutoCloseShop {
  readonly emulator: WechatPayEmulator;
  readonly app: INestApplicationContext;
  readonly autoClose: AutoCloseService;
  readonly told: Told;
  readonly errors: string[];
  readonly file: string;
  close(): Promise<void>;
}

/** What a test changes. */
export interface ShopChange {
  readonly autoClose?: Partial<AutoCloseModuleOptions & AutoCloseModuleExtras>;
  readonly wechatPay?: Partial<WechatPayModuleOptions>;
  /** The file of a shop that was there before. */
  readonly file?: string;
  readonly emulator?: WechatPayEmulator;
}

/** Opens one, on a SQLite file in a folder of its own. */
export async function openAutoCloseShop(change: ShopChange = {}): Promise<AutoCloseShop> {
  const emulator = change.emulator ?? (await WechatPayEmulator.start({ keys }));
  const folder = await mkdtemp(join(tmpdir(), 'auto-close-shop-'));
  const file = change.file ?? join(folder, 'closes.db');
  const told: Told = { settlements: [], act: () => {} };
  const errors: string[] = [];
  const logger: LoggerService = {
    log: () => {},
    warn: (message: unknown) => void errors.push(`warn ${String(message)}`),
    error: (message: unknown) => void errors.push(String(message)),
  };
  const module = await Test.createTestingModule({
    imports: [
      WechatPayModule.forRoot({ isGlobal: true, ...emulator.options('both'), ...ONE_TRY, ...change.wechatPay }),
      AutoCloseModule.forRoot({
        store: { kind: 'sqlite', file, pollMs: 5 },
        settleWithinMs: 10_000,
        retry: { baseMs: 1, maxMs: 4 },
        notFoundAfterMs: 0,
        settlementHandler: handlerFor(told),
        ...change.autoClose,
      }),
    ],
  })
    .setLogger(logger)
    .overrideProvider(Clock)
    .useValue({ now: () => emulator.clock.now() })
    .overrideProvider(Randomness)
    .useValue({ next: () => 0.01 })
    .compile();
  const app = await module.init();
  return {
    emulator,
    app,
    autoClose: app.get(AutoCloseService),
    told,
    errors,
    file,
    close: async () => {
      await app.close();
      if (change.emulator === undefined) await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
