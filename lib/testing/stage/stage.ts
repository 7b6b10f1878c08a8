import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import {
  CloseOrderService,
  type ClosedOrder,
  type MerchantOptions,
  type Signer,
  type Verifier,
  WechatPayModule,
} from '../../index.js';
import {
  type EmulatorMerchantOptions,
  EmulatorKeys,
  type EmulatorScheme,
  WechatPayEmulator,
} from '../../emulator/index.js';
import type { Observable } from 'rxjs';

import { isApiV2 } from '../schemes.js';

/** What an application is made of, besides what the emulator gives. */
export interface StageParts {
  readonly scheme: string;
  readonly signers?: readonly Type<Signer>[];
  readonly verifiers?: readonly Type<Verifier>[];
  /** The merchants, as the emulator knows them. */
  readonly emulated: readonly EmulatorMerchantOptions[];
  /** The merchants, as the module is given them. */
  readonly merchants: (emulator: WechatPayEmulator) => readonly MerchantOptions[];
  /** Schemes that the emulator does not speak by itself. */
  readonly schemes?: readonly EmulatorScheme[];
  /** The limit of each step of an attempt. */
  readonly attemptMs?: number;
}

/** A Nest application that closes orders, and the WeChat Pay that it talks to. */
export interface Stage {
  readonly emulator: WechatPayEmulator;
  /** Closes an order of a merchant, in the scheme's API. */
  readonly close: (outTradeNo: string, mchid: string) => Observable<ClosedOrder>;
}

let keys: EmulatorKeys | undefined;

/** WeChat Pay's keys. They are the same for all cases, since making them takes some tenths of a second. */
export function stageKeys(): EmulatorKeys {
  keys ??= EmulatorKeys.generate();
  return keys;
}

/**
 * Puts up an application and an emulator, and takes them down again.
 *
 * @param parts - what it is made of
 * @param play - what happens on it
 */
export async function onStage(parts: StageParts, play: (stage: Stage) => Promise<void>): Promise<void> {
  const { scheme, emulated, merchants, signers = [], verifiers = [], schemes = [], attemptMs = 2_000 } = parts;
  const emulator = await WechatPayEmulator.start({ keys: stageKeys(), merchants: emulated, schemes });
  try {
    const { hosts } = emulator.options();
    const module = WechatPayModule.forRoot({
      ...(hosts && { hosts }),
      merchants: merchants(emulator),
      signers,
      verifiers,
      timeouts: { attemptMs },
      // What one attempt comes to is what a case is about.
      retry: { attempts: 1 },
      confirm: 'never',
    });
    const app = await NestFactory.createApplicationContext(module, { logger: ['error', 'warn'], abortOnError: false });
    try {
      const service = app.get(CloseOrderService);
      const close = (out_trade_no: string, mchid: string) =>
        isApiV2(scheme)
          ? service.v2({ out_trade_no, mch_id: mchid, sign_type: scheme })
          : service.direct({ out_trade_no, mchid });
      await play({ emulator, close });
    } finally {
      await app.close();
    }
  } finally {
    await emulator.stop();
  }
}
