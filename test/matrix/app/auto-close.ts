import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Injectable, Module } from '@nestjs/common';
import { WechatPayModule } from 'nestjs-wechatpay';
import {
  AutoCloseModule,
  AutoCloseService,
  type Settlement,
  type SettlementHandler,
  type StoreOptions,
} from 'nestjs-wechatpay/auto-close';
import { type WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { firstValueFrom } from 'rxjs';

import { createApp } from './host.js';

@Injectable()
class OrderSettlements implements SettlementHandler {
  readonly states: string[] = [];

  onSettled({ state }: Settlement): void {
    this.states.push(state);
  }
}

/** Lets an order close itself, out of a file that the SQLite of this Node.js or of a package keeps. */
export async function autoCloseFromFile(emulator: WechatPayEmulator): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nestjs-wechatpay-'));
  try {
    return await autoClose(emulator, { kind: 'sqlite', file: join(folder, 'closes.db') }, 'AUTO001');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Lets an order close itself. */
export async function autoClose(
  emulator: WechatPayEmulator,
  store: StoreOptions,
  out_trade_no: string,
): Promise<string[]> {
  @Module({
    imports: [
      WechatPayModule.forRoot({ isGlobal: true, ...emulator.options() }),
      AutoCloseModule.forRoot({ store, settlementHandler: OrderSettlements }),
    ],
  })
  class AppModule {}

  const app = await createApp(AppModule);
  await app.init();
  const service = app.get(AutoCloseService);
  const recorded = firstValueFrom(service.outcomes$);
  emulator.place({ out_trade_no });
  await service.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
  await recorded;
  const { states } = app.get(OrderSettlements, { strict: false });
  await app.close();
  return states;
}
