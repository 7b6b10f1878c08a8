import type { OrderReference } from '../errors/order-reference.js';

/** The call that is being judged. */
export interface JudgedCall {
  readonly variant: string;
  readonly order: OrderReference;
  readonly attempts: number;
}
