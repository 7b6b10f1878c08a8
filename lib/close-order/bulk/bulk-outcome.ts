import { InvalidRequestError } from '../../errors/invalid-request.error.js';
import { OrderNotFoundError } from '../../errors/order-not-found.error.js';
import { OrderPaidError } from '../../errors/order-paid.error.js';
import { OrderTooYoungError } from '../../errors/order-too-young.error.js';
import { OutcomeUnknownError } from '../../errors/outcome-unknown.error.js';
import { PaymentInProgressError } from '../../errors/payment-in-progress.error.js';
import { RequestRefusedError } from '../../errors/request-refused.error.js';
import { ReverseRequiredError } from '../../errors/reverse-required.error.js';
import { unexpected } from '../close-errors.js';
import type { ClosedOrder } from '../closed-order.js';

/** What the close of one order ended in: what it would have emitted, or the error that it would have ended with. */
export type BulkEnding =
  | { readonly outcome: 'closed'; readonly order: ClosedOrder }
  | { readonly outcome: 'paid'; readonly error: OrderPaidError }
  | { readonly outcome: 'not_found'; readonly error: OrderNotFoundError }
  | { readonly outcome: 'in_progress'; readonly error: PaymentInProgressError }
  | { readonly outcome: 'needs_reverse'; readonly error: ReverseRequiredError }
  | { readonly outcome: 'refused'; readonly error: RequestRefusedError }
  | { readonly outcome: 'not_sent'; readonly error: InvalidRequestError | OrderTooYoungError }
  | { readonly outcome: 'unknown'; readonly error: OutcomeUnknownError };

/** What became of one order of a bulk close. `outcome` tells the kinds apart. */
export type BulkOutcome<TRequest> = BulkEnding & {
  /** Which input it was: 0 for the source's first. */
  readonly index: number;
  /** The request, as the source gave it. */
  readonly request: TRequest;
  /**
   * Every input before this index has had its outcome, this one included, and `record` has taken it. Outcomes come in any order, so
   * it stands still while an early order takes long. It goes into `from`.
   */
  readonly checkpoint: number;
};

/**
 * What an error that a close ended with says of the order.
 *
 * @param error - anything
 * @param variant - the name of the variant
 */
export function endingOf(error: unknown, variant: string): BulkEnding {
  if (error instanceof OrderPaidError) return { outcome: error.outcome, error };
  if (error instanceof OrderNotFoundError) return { outcome: error.outcome, error };
  if (error instanceof PaymentInProgressError) return { outcome: error.outcome, error };
  if (error instanceof ReverseRequiredError) return { outcome: error.outcome, error };
  if (error instanceof RequestRefusedError) return { outcome: error.outcome, error };
  if (error instanceof InvalidRequestError) return { outcome: error.outcome, error };
  if (error instanceof OrderTooYoungError) return { outcome: error.outcome, error };
  if (error instanceof OutcomeUnknownError) return { outcome: error.outcome, error };
  return { outcome: 'unknown', error: unexpected(error, { variant, order: {}, attempts: 0 }) };
}
