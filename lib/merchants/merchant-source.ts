import type { Observable } from 'rxjs';

import type { MerchantOptions } from '../wechat-pay.options.js';

/** What a {@link MerchantSource} may answer: a merchant, or `undefined` or `null` where it knows none of that number. */
export type FoundMerchant = MerchantOptions | undefined | null;

/**
 * Finds merchants while the application runs, in a database or a vault. Name a subclass as `merchantSource` beside the
 * options of `forRoot` or `forRootAsync`; it is a provider like any other and may inject.
 *
 * What it finds is checked and parsed as the listed merchants are, and kept for a while (`merchantCache`). It is asked once
 * for calls that need the same merchant at the same time. Where it fails, takes longer than `timeouts.attemptMs`, or gives
 * another merchant or keys that do not hold, that call alone ends in {@link OutcomeUnknownError} of reason `merchant`, and
 * nothing was sent. Its own error is not kept, since it might hold a secret: log it there.
 *
 * @example
 * ```ts
 * @Injectable()
 * class MerchantTable extends MerchantSource {
 *   constructor(@Inject(Database) private readonly database: Database) { super(); }
 *   async find(mchid: string): Promise<MerchantOptions | undefined> {
 *     const row = await this.database.merchant(mchid);
 *     return row && { mchid, appid: row.appid, apiV2: { key: row.apiV2Key } };
 *   }
 * }
 * ```
 */
export abstract class MerchantSource {
  /**
   * Finds one merchant.
   *
   * @param mchid - 1 to 32 digits; never the number of a listed merchant
   * @returns the merchant's options, or nothing where there is none of that number. Of an Observable the first value counts,
   * and it is unsubscribed from when nobody waits for it any more
   */
  abstract find(mchid: string): FoundMerchant | Promise<FoundMerchant> | Observable<FoundMerchant>;
}
