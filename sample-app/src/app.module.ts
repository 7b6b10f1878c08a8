import { type DynamicModule, Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { WechatPayExceptionFilter, WechatPayModule } from 'nestjs-wechatpay';
import { AutoCloseModule } from 'nestjs-wechatpay/auto-close';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { BookkeepingModule, ClosingModule } from './closing/closing.module.js';
import { OrderSettlements } from './closing/order-settlements.js';
import { EmulatorModule } from './emulator/emulator.module.js';
import { FaultObserver } from './faults/fault.observer.js';
import { FaultsModule } from './faults/faults.module.js';
import { KmsModule } from './kms/kms.module.js';
import { KmsSigner } from './kms/kms.signer.js';
import { OrdersController } from './orders/orders.controller.js';
import { PaymentsModule } from './payments/payments.module.js';
import { type Settings, SETTINGS } from './settings.js';
import { ShopModule } from './shop/shop.module.js';
import { StatusController } from './status.controller.js';
import { TimelineObserver } from './timeline/timeline.observer.js';

/** The application: a shop that closes its orders at WeChat Pay. */
@Module({
  controllers: [OrdersController, StatusController],
  providers: [
    // Checks every `@Body({ schema })` before its handler runs; a body that does not hold is answered with 400.
    { provide: APP_PIPE, useValue: new StandardSchemaValidationPipe() },
    { provide: APP_FILTER, useClass: WechatPayExceptionFilter },
  ],
})
export class AppModule {
  /** @param settings - decide whether the real WeChat Pay is called or an emulated one, and who signs */
  static forRoot(settings: Settings): DynamicModule {
    const { merchant, emulatorPort, kms, closeStore } = settings;
    return {
      module: AppModule,
      providers: [{ provide: SETTINGS, useValue: settings }],
      imports:
        merchant === undefined
          ? [
              ...(kms ? [KmsModule.forRoot()] : []),
              EmulatorModule.forRoot(emulatorPort),
              WechatPayModule.forRootAsync({
                isGlobal: true,
                // It takes the place of the built-in signer, which needs the private key here.
                signers: kms ? [KmsSigner] : [],
                // The page's timelines are made of what the library tells its observers.
                observers: [TimelineObserver, FaultObserver],
                imports: [FaultsModule],
                inject: [WechatPayEmulator],
                useFactory: (emulator: WechatPayEmulator) => emulator.options(),
              }),
              ShopModule,
              PaymentsModule,
              BookkeepingModule,
              AutoCloseModule.forRoot({
                isGlobal: true,
                store: closeStore,
                imports: [ClosingModule],
                settlementHandler: OrderSettlements,
                // Whoever watches waits for seconds here, and not for minutes as a shop may.
                retry: { maxMs: 5_000 },
                notFoundAfterMs: 5_000,
              }),
            ]
          : [WechatPayModule.forRoot({ isGlobal: true, merchants: [merchant] })],
    };
  }
}
