import type { EmulatorMerchantOptions } from '../emulator.options.js';
import type { EmulatorKeys } from '../keys/emulator-keys.js';

import { EmulatorMerchant } from './emulator-merchant.js';

/** The merchants that the emulator knows. */
export class MerchantBook {
  /** The one that control calls mean if they name none. */
  readonly first: EmulatorMerchant;
  readonly #byNumber: ReadonlyMap<string, EmulatorMerchant>;

  /**
   * @param merchants - at least one; no number twice
   * @param keys - gives what they do not bring
   * @throws TypeError if there is none, or a number comes twice
   */
  constructor(merchants: readonly EmulatorMerchantOptions[], keys: EmulatorKeys) {
    const all = merchants.map((merchant) => new EmulatorMerchant(merchant, keys));
    const [first] = all;
    if (first === undefined) throw new TypeError('the emulator needs at least one merchant');
    this.first = first;
    this.#byNumber = new Map(all.map((merchant) => [merchant.mchid, merchant]));
    if (this.#byNumber.size < all.length) throw new TypeError('a merchant number is given twice');
  }

  /** All merchants, in the order they were given. */
  all(): readonly EmulatorMerchant[] {
    return [...this.#byNumber.values()];
  }

  /**
   * The merchant of a number, if the emulator knows it.
   *
   * @param mchid - the merchant number
   */
  find(mchid: string): EmulatorMerchant | undefined {
    return this.#byNumber.get(mchid);
  }
}
