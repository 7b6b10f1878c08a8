import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { DEFAULT_MERCHANT, type EmulatorMerchantOptions, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { StandInKms } from '../kms/stand-in-kms.js';
import { EmulatorControlErrorFilter } from './emulator-control-error.filter.js';

/** Runs a WeChat Pay in this process, and stops it with the application. */
@Module({
  providers: [{ provide: APP_FILTER, useClass: EmulatorControlErrorFilter }],
})
export class EmulatorModule implements OnApplicationShutdown {
  constructor(@Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator) {}

  /** @param port - where it listens; 0 takes a free port */
  static forRoot(port: number): DynamicModule {
    return {
      module: EmulatorModule,
      // WechatPayModule's options come from the emulator, so its factory must see it.
      global: true,
      providers: [
        {
          provide: WechatPayEmulator,
          inject: [{ token: StandInKms, optional: true }],
          useFactory: (kms?: StandInKms) => WechatPayEmulator.start({ port, merchants: [merchantOf(kms)] }),
        },
      ],
      exports: [WechatPayEmulator],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.emulator.stop();
  }
}

/** A merchant whose private key is in a KMS brings the public half alone. */
function merchantOf(kms: StandInKms | undefined): EmulatorMerchantOptions {
  return kms === undefined
    ? DEFAULT_MERCHANT
    : { ...DEFAULT_MERCHANT, publicKey: kms.publicKeyOf(DEFAULT_MERCHANT.mchid) };
}
