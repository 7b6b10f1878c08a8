import type { Confirm } from './confirmation.js';
import type { AgeOptions } from './minimum-age.js';

/** How one call differs from the others. */
export interface CloseOptions extends AgeOptions {
  /**
   * The number of the merchant that signs. Needed only where not exactly one is listed and the request does not carry the
   * number, as with `combine` and `repayment`.
   */
  readonly merchant?: string;
  /** When a signed query decides; the module's `confirm` where it is left out. */
  readonly confirm?: Confirm;
}

/** How one settlement differs from the others. */
export interface SettleOptions extends AgeOptions, Pick<CloseOptions, 'merchant'> {
  /**
   * When to give up, in milliseconds.
   *
   * @default 60000
   */
  readonly withinMs?: number;
}
