import type { OrderReference } from '../errors/order-reference.js';
import type { PaidTransaction } from '../errors/paid-transaction.js';

/**
 * The state of an order in WeChat Pay's words.
 *
 * - `NOTPAY`: open, may still be paid. `SUCCESS`, `REFUND`: paid. `CLOSED`, `REVOKED`: over, unpaid.
 * - `USERPAYING`, `PAYERROR`, `ACCEPT`: in between.
 *
 * @see protocol §2
 */
export type TradeState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR' | 'ACCEPT';

/** What WeChat Pay says of an order, proven by its signature, in an answer that names the order. */
export interface QueriedOrder {
  /** Of a combined order: the state of all its parts, folded into one. */
  readonly state: TradeState;
  /** Name of the variant that was asked. */
  readonly variant: string;
  readonly order: OrderReference;
  /** How it was paid, if it was. */
  readonly transaction?: PaidTransaction;
  /** APIv3 `Request-ID`, for WeChat's support. */
  readonly requestId?: string;
  /** How many attempts were made. */
  readonly attempts: number;
  /** The verified answer: APIv3's JSON object, or APIv2's fields but `sign`. */
  readonly response: Readonly<Record<string, unknown>>;
}
