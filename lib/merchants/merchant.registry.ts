import type { Merchant } from './merchant.js';

/** The merchants that are listed in the options, by number. */
export class MerchantRegistry {
  readonly #byNumber: ReadonlyMap<string, Merchant>;

  /** @param merchants - checked; no number twice */
  constructor(merchants: readonly Merchant[]) {
    this.#byNumber = new Map(merchants.map((merchant) => [merchant.mchid, merchant]));
  }

  /** The merchant with this number. */
  find(mchid: string): Merchant | undefined {
    return this.#byNumber.get(mchid);
  }

  /** The one merchant, where only one is listed. */
  get sole(): Merchant | undefined {
    const [first, ...others] = this.#byNumber.values();
    return others.length === 0 ? first : undefined;
  }

  /** Every number that is listed. */
  get numbers(): readonly string[] {
    return [...this.#byNumber.keys()];
  }
}
