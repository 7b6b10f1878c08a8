import { Inject, Injectable } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { Merchant } from '../merchants/merchant.js';
import { MerchantDirectory } from '../merchants/merchant.directory.js';
import { NotificationRefusedError } from './notification-refused.error.js';

const MERCHANT_NUMBER = /^\d{1,32}$/;

/** Finds the merchant that a notification, or its route, names. */
@Injectable()
export class MerchantFinder {
  constructor(@Inject(MerchantDirectory) private readonly directory: MerchantDirectory) {}

  /**
   * @param mchid - as it came
   * @param api - whose form the notification has
   * @throws {@link NotificationRefusedError} of reason `unknownMerchant` or `merchantSource`
   */
  async find(mchid: string, api: 'v2' | 'v3'): Promise<Merchant> {
    const merchant = MERCHANT_NUMBER.test(mchid)
      ? (this.directory.find(mchid) ?? (await this.#ask(mchid, api)))
      : undefined;
    if (merchant !== undefined) return merchant;
    throw new NotificationRefusedError(api, 'unknownMerchant', 'there is no merchant of the number that it is for.');
  }

  async #ask(mchid: string, api: 'v2' | 'v3'): Promise<Merchant | undefined> {
    try {
      return await firstValueFrom(this.directory.ask(mchid));
    } catch (error) {
      if (error instanceof AttemptFault) throw new NotificationRefusedError(api, 'merchantSource', error.explanation);
      throw error;
    }
  }
}
