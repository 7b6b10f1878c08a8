import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DEFAULT_MERCHANT } from 'nestjs-wechatpay/emulator';

import { KMS_ACCESS } from './kms-access.js';
import { StandInKms } from './stand-in-kms.js';

/** Runs a stand-in KMS in this process with a key for the emulated merchant, and stops it with the application. */
@Module({})
export class KmsModule implements OnApplicationShutdown {
  constructor(@Inject(StandInKms) private readonly kms: StandInKms) {}

  static forRoot(): DynamicModule {
    return {
      module: KmsModule,
      // The emulator needs its public key, the signer its address.
      global: true,
      providers: [
        { provide: StandInKms, useFactory: () => StandInKms.start([DEFAULT_MERCHANT.mchid]) },
        { provide: KMS_ACCESS, inject: [StandInKms], useFactory: (kms: StandInKms) => kms.access },
      ],
      exports: [StandInKms, KMS_ACCESS],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.kms.stop();
  }
}
