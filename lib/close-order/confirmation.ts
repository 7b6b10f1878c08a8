import { OrderNotFoundError } from '../errors/order-not-found.error.js';
import { OrderPaidError } from '../errors/order-paid.error.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import { PaymentInProgressError } from '../errors/payment-in-progress.error.js';
import type { QueriedOrder } from './queried-order.js';

/**
 * When a signed query decides.
 *
 * - `never`: the reply alone decides; a doubt stays one.
 * - `onDoubt`: when the reply is missing, unverified, unsigned, indefinite or 202.
 * - `always`: also after a verified reply. A signed 204 names no order; the answer to a query does.
 */
export type Confirm = 'never' | 'onDoubt' | 'always';

/**
 * Whether a query can tell more than the error that a close ended in. Where nothing was sent, there is nothing to ask about.
 *
 * @param error - of the close
 */
export function isWorthAsking(error: unknown): error is OutcomeUnknownError | PaymentInProgressError {
  return error instanceof PaymentInProgressError || (error instanceof OutcomeUnknownError && error.phase !== 'notSent');
}

/**
 * Whether an error says what became of the order in a code alone, which another order's answer may have carried.
 *
 * @param error - of the close
 */
export function isSaidOfAnyOrder(error: unknown): error is OrderPaidError | OrderNotFoundError {
  return error instanceof OrderPaidError || error instanceof OrderNotFoundError;
}

/**
 * What a signed state means for an order that was to be closed.
 *
 * @param state - from a query
 * @returns `open` if the close is to be repeated
 */
export function meaningOfState(state: QueriedOrder['state']): 'closed' | 'paid' | 'open' | 'unclear' {
  switch (state) {
    case 'CLOSED':
      return 'closed';
    case 'SUCCESS':
    case 'REFUND':
      return 'paid';
    case 'NOTPAY':
      return 'open';
    case 'REVOKED':
    case 'USERPAYING':
    case 'PAYERROR':
    case 'ACCEPT':
      return 'unclear';
  }
}
