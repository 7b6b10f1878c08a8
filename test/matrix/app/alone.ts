import 'reflect-metadata';

import type { WechatPayModuleOptions } from 'nestjs-wechatpay';
import type { StoreOptions } from 'nestjs-wechatpay/auto-close';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import type { Sm2Signer } from 'nestjs-wechatpay/sm';
import { verifierConformance } from 'nestjs-wechatpay/testing';

import { autoClose } from './auto-close.js';
import { outcomes } from './outcomes.js';
import { closeOverHttp } from './over-http.js';

/** What each subpath names in its types, without the packages behind it. */
export type Known = readonly [WechatPayModuleOptions, StoreOptions, Sm2Signer, typeof verifierConformance];

/** Its types need the package as well, so the compiler must not look. */
const HEALTH: string = 'nestjs-wechatpay/health';

/** What a failure says. */
async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it worked',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Closes orders without any optional package, and tells what those say that need one. */
async function main(): Promise<void> {
  const emulator = await WechatPayEmulator.start();
  const { state } = (await closeOverHttp(emulator)) as { state: string };
  const { paid } = await outcomes(emulator);
  const missing = {
    sm: await messageOf(import('nestjs-wechatpay/sm')),
    health: await messageOf(import(HEALTH)),
    sqlite: await messageOf(autoClose(emulator, { kind: 'sqlite', driver: 'libsql', file: 'closes.db' }, 'ALONE001')),
    redis: await messageOf(autoClose(emulator, { kind: 'bullmq', url: 'redis://127.0.0.1:1' }, 'ALONE002')),
  };
  await emulator.stop();
  process.stdout.write(JSON.stringify({ state, paid, missing }));
}

void main();
