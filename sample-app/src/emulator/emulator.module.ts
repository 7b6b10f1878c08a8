import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { ShopController } from '../shop/shop.controller.js';
import { EmulatorControlErrorFilter } from './emulator-control-error.filter.js';

/**
 * Runs a WeChat Pay in this process, and stops it with the application. The shop's routes come with it: only an emulated
 * WeChat Pay lets one be the merchant, the buyer and the onlooker at once.
 */
@Module({
  controllers: [ShopController],
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
      providers: [{ provide: WechatPayEmulator, useFactory: () => WechatPayEmulator.start({ port }) }],
      exports: [WechatPayEmulator],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.emulator.stop();
  }
}
