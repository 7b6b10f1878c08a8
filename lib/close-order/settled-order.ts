import type { OrderReference } from '../errors/order-reference.js';
import type { PaidTransaction } from '../errors/paid-transaction.js';
import type { ClosedOrder } from './closed-order.js';

/** The order has been paid: fulfil it or refund it. */
export interface PaidOrder {
  readonly state: 'PAID';
  /** Name of the variant that was called. */
  readonly variant: string;
  readonly order: OrderReference;
  /** How it was paid, if a query told. */
  readonly transaction?: PaidTransaction;
  /** How many attempts were made since it was last asked. */
  readonly attempts: number;
}

/** The certain end of an order. `switch` over `state`; the compiler makes you tell the two apart. */
export type SettledOrder = ClosedOrder | PaidOrder;
