import type { Merchant } from './merchant.js';

/** The configured merchants by number. */
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

  /** The one merchant, where only one is configured. */
  get sole(): Merchant | undefined {
    const [first, ...others] = this.#byNumber.values();
    return others.length === 0 ? first : undefined;
  }

  /** Every number that is configured. */
  get numbers(): readonly string[] {
    return [...this.#byNumber.keys()];
  }
}
