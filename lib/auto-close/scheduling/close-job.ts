import type { OrderReference } from '../../errors/order-reference.js';

/** One order that is to be closed, as a store keeps it: plain JSON, and nothing secret. */
export interface CloseJob {
  /**
   * The order's own name in the store, as {@link closeIdOf} makes it. It holds at least one letter and one `.`, and nothing
   * but letters, digits and `- _ . ! ~ * ' ( ) %`.
   */
  readonly id: string;
  /** Name of the variant that closes it. */
  readonly variant: string;
  /** The request of the variant, as it was validated. */
  readonly request: unknown;
  /** Which order it is. `mchid` is the merchant that signs. */
  readonly order: OrderReference;
  /** When it is to be closed, in milliseconds since 1970. */
  readonly closeAt: number;
  /** When the order was placed, as far as it is known, in milliseconds since 1970. */
  readonly createdAt: number;
  /** When it was scheduled, in milliseconds since 1970. */
  readonly scheduledAt: number;
}
