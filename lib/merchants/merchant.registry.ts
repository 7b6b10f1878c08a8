import type { Merchant } from './merchant.js';

/** The merchants that are listed in the options, by number. */
export class MerchantRegistry {
  /** The one merchant, where only one is listed. */
  readonly sole: Merchant | undefined;
  readonly #byNumber: ReadonlyMap<string, Merchant>;

  /** @param merchants - checked; no number twice */
  constructor(merchants: readonly Merchant[]) {
    this.#byNumber = new Map(merchants.map((merchant) => [merchant.mchid, merchant]));
    this.sole = merchants.length === 1 ? merchants[0] : undefined;
  }

  /** The merchant with this number. */
  find(mchid: string): Merchant | undefined {
    return this.#byNumber.get(mchid);
  }

  /** Every number that is listed. */
  get numbers(): readonly string[] {
    return [...this.#byNumber.keys()];
  }
}
