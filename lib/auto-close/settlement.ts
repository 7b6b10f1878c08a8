import type { OrderReference } from '../errors/order-reference.js';
import type { PaidTransaction } from '../errors/paid-transaction.js';

/** What every settlement tells. All of it is plain JSON. */
interface SettlementBase {
  /** Name of the variant that closed it, or tried to. */
  readonly variant: string;
  /** Which order. `mchid` is the merchant that signed. */
  readonly order: OrderReference;
  /** When this was found out: RFC 3339, in UTC. */
  readonly settledAt: string;
  /** How often closing it was tried, this time included. */
  readonly attempts: number;
}

/** The order is closed, proven by a signed answer that names it: nobody can pay it any more. */
export interface ClosedSettlement extends SettlementBase {
  readonly state: 'CLOSED';
  /** Somebody had closed it before. */
  readonly alreadyClosed: boolean;
}

/** The order has been paid: fulfil it or refund it. */
export interface PaidSettlement extends SettlementBase {
  readonly state: 'PAID';
  /** How it was paid, if a signed query told. */
  readonly transaction?: PaidTransaction;
}

/** WeChat Pay does not know the order: it was never placed, or under another number, merchant or variant. */
export interface NotFoundSettlement extends SettlementBase {
  readonly state: 'NOT_FOUND';
}

/**
 * Why an order was given up.
 *
 * - `refused`: WeChat Pay refused the request: keys, permissions, clock or fields.
 * - `invalidRequest`: the request has not held for an hour, for example since its merchant is not configured.
 * - `needsReverse`: a payment-code order, which is reversed and not closed.
 * - `unsettled`: nothing certain was found out within `giveUpAfterMs`.
 */
export type GiveUpReason = 'refused' | 'invalidRequest' | 'needsReverse' | 'unsettled';

/**
 * Closing it was given up, and **nothing is known of the order**: it may be open, closed or paid. Its record is held until
 * {@link AutoCloseService.closeNow} tries again or {@link AutoCloseService.cancel} lets it go.
 */
export interface GivenUpSettlement extends SettlementBase {
  readonly state: 'GIVEN_UP';
  readonly reason: GiveUpReason;
  /** What the last attempt ended in, and what to do. */
  readonly message: string;
}

/** What became of an order. `switch` over `state`; the compiler makes you tell the four apart. */
export type Settlement = ClosedSettlement | PaidSettlement | NotFoundSettlement | GivenUpSettlement;
