import { Module } from '@nestjs/common';
import { CloseOrderService, OutcomeUnknownError, WechatPayModule } from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { createApp } from './host.js';
import { errorOf } from './outcomes.js';

/** Shuts the application down while WeChat Pay does not answer. */
export async function shutDown(): Promise<unknown> {
  const emulator = await WechatPayEmulator.start();
  emulator.place({ out_trade_no: 'SHUTDOWN001' });
  emulator.faults.add({ kind: 'stall', at: 'headers' });

  @Module({ imports: [WechatPayModule.forRoot({ ...emulator.options(), timeouts: { shutdownMs: 10 } })] })
  class AppModule {}

  const app = await createApp(AppModule);
  await app.init();
  const ending = errorOf(app.get(CloseOrderService).direct({ out_trade_no: 'SHUTDOWN001' }));
  while (emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await app.close();
  const end = await ending;
  await emulator.stop();
  return end instanceof OutcomeUnknownError && { name: end.name, reason: end.reason };
}
