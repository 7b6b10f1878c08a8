import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

import { WechatPayConfigurationError } from '../errors/wechat-pay-configuration.error.js';
import { MerchantRegistry } from '../merchants/merchant.registry.js';
import { PlatformKeyStore } from './platform-key.store.js';

const EVERY_MS = 60_000;

/**
 * Downloads certificates when the application starts, where a merchant's options ask for it, and looks every minute which
 * ones are due. Its timer never keeps a process alive.
 */
@Injectable()
export class PlatformKeyRefresher implements OnModuleInit, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(PlatformKeyStore) private readonly store: PlatformKeyStore,
    @Inject(MerchantRegistry) private readonly merchants: MerchantRegistry,
  ) {}

  /** @throws {@link WechatPayConfigurationError} with every merchant whose certificates cannot be downloaded */
  async onModuleInit(): Promise<void> {
    const problems = await Promise.all(this.merchants.numbers.map((mchid, index) => this.#load(mchid, index)));
    const issues = problems.flat();
    if (issues.length > 0) throw new WechatPayConfigurationError(issues);
    this.#timer = setInterval(() => this.store.refreshDue(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  async #load(mchid: string, index: number): Promise<WechatPayConfigurationError['issues']> {
    const { apiV3 } = this.merchants.find(mchid) ?? {};
    if (apiV3?.download === undefined) return [];
    const loads = apiV3.download.atStart.map(async (region) => {
      const fault = await this.store.certificatesOf(mchid, apiV3, region)?.load();
      if (fault === undefined) return [];
      const option = `merchants[${index}].apiV3.downloadCertificates`;
      return [{ option, problem: `brought no platform certificates (${region}): ${fault.explanation}` }];
    });
    return (await Promise.all(loads)).flat();
  }
}
