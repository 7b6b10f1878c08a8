import type { OrderReference } from '../errors/order-reference.js';

/** The order is closed, proven by WeChat Pay's signature: nobody can pay it any more. Its number is spent. */
export interface ClosedOrder {
  readonly state: 'CLOSED';
  /** Name of the variant that was called. */
  readonly variant: string;
  readonly order: OrderReference;
  /** WeChat Pay said that it had been closed before. APIv3 mostly answers a repeated close as it did the first. */
  readonly alreadyClosed: boolean;
  /** What proved it: the reply to the close, or a signed answer to a query, which names the order. */
  readonly confirmedBy: 'reply' | 'query';
  /** APIv3 `Request-ID`, for WeChat's support. */
  readonly requestId?: string;
  /** How many attempts were made. */
  readonly attempts: number;
  /** APIv2: every field of the verified reply but its `sign`. */
  readonly response?: Readonly<Record<string, string>>;
}
