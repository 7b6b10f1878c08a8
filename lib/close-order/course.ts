import type { OrderReference } from '../errors/order-reference.js';
import type { HostRole } from '../transport/transport-settings.js';

/** A call under way: which order, and what has become of it so far. */
export interface Course {
  readonly variant: string;
  readonly order: OrderReference;
  /** Which of WeChat Pay's hosts serves it. */
  readonly host: HostRole;
  /** The origin that the last attempt met a network fault at, if it did. */
  failedAt?: string | undefined;
  /** Attempts that were begun. */
  attempts: number;
  /** Whether an attempt is under way. */
  isTrying: boolean;
  /** Whether WeChat Pay may have seen one of the attempts. */
  wasSent: boolean;
  /** What the last attempt that failed ended in. */
  lastError?: unknown;
}
