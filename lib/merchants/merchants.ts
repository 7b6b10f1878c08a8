import { Inject, Injectable } from '@nestjs/common';

import { MerchantDirectory } from './merchant.directory.js';

/**
 * The merchants that a {@link MerchantSource} found. Inject it where your application learns that a merchant's keys have
 * changed: the next call asks the source again. Calls under way end with the keys that they began with.
 *
 * It speaks for this process alone; other processes ask again once `merchantCache.ttlMs` has passed. Listed merchants are
 * not touched.
 */
@Injectable()
export class Merchants {
  constructor(@Inject(MerchantDirectory) private readonly directory: MerchantDirectory) {}

  /**
   * Forgets what the source said of one merchant.
   *
   * @param mchid - the merchant number; one that is not kept does no harm
   */
  invalidate(mchid: string): void {
    this.directory.forget(mchid);
  }

  /** Forgets what the source said of all merchants. */
  invalidateAll(): void {
    this.directory.forgetAll();
  }
}
