import { Module } from '@nestjs/common';
import { CloseOrderService, OrderPaidError, OutcomeUnknownError, WechatPayModule } from 'nestjs-wechatpay';
import { type WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { lastValueFrom, type Observable } from 'rxjs';

import { createApp } from './host.js';
import { CountingSigner } from './shop.js';

/** The three ends of a close, with `forRootAsync` and a signer of the shop's own. */
export async function outcomes(emulator: WechatPayEmulator): Promise<Record<string, unknown>> {
  @Module({
    imports: [
      WechatPayModule.forRootAsync({
        isGlobal: true,
        signers: [CountingSigner],
        useFactory: async () => ({ ...emulator.options(), confirm: 'never', retry: { attempts: 1 } }),
      }),
    ],
  })
  class AppModule {}

  const app = await createApp(AppModule);
  await app.init();
  const closeOrder = app.get(CloseOrderService);

  emulator.place({ out_trade_no: 'SIGNER001' });
  const { state, variant } = await lastValueFrom(closeOrder.v2({ out_trade_no: 'SIGNER001', sign_type: 'MD5' }));

  emulator.pay(emulator.place({ out_trade_no: 'PAID001' }));
  const paid = await errorOf(closeOrder.direct({ out_trade_no: 'PAID001' }));

  emulator.place({ out_trade_no: 'UNKNOWN001' });
  emulator.faults.add({ kind: 'status', status: 500, when: { times: 1 } });
  const unknown = await errorOf(closeOrder.direct({ out_trade_no: 'UNKNOWN001' }));

  await app.close();
  return {
    signedByOwnSigner: { state, variant, signed: CountingSigner.signed },
    paid: paid instanceof OrderPaidError && paid.name,
    unknown: unknown instanceof OutcomeUnknownError && unknown.name,
  };
}

/** What a call failed with. */
export async function errorOf(call: Observable<unknown>): Promise<unknown> {
  return lastValueFrom(call).catch((error: unknown) => error);
}
