import type { OrderReference } from './order-reference.js';

/** What became of the order, as far as it is known. */
export type Outcome = 'not_sent' | 'paid' | 'not_found' | 'in_progress' | 'needs_reverse' | 'refused' | 'unknown';

/** What an error knows of the call that it ended. */
export interface WechatPayErrorDetails {
  /** Name of the variant that was called. */
  readonly variant: string;
  readonly order: OrderReference;
  /** WeChat's error code, in its own spelling. */
  readonly code?: string | undefined;
  /** WeChat's words for it. */
  readonly description?: string | undefined;
  /** APIv3 `detail`, as sent. */
  readonly detail?: unknown;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** `Request-ID`, for WeChat's support. */
  readonly requestId?: string | undefined;
  /** WeChat's internal code at the end of `Request-ID`. */
  readonly internalCode?: string | undefined;
  /** How long WeChat Pay asks to wait before the next request, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** How far this machine's clock is ahead of WeChat Pay's, in seconds, where it is off by more than 60. */
  readonly clockSkew?: number | undefined;
  /** Whether WeChat Pay's signature over this answer was verified. `Request-ID` and its code are never covered. */
  readonly authenticated: boolean;
  /** How many attempts were made; 0 where the request did not hold. */
  readonly attempts: number;
}

/**
 * The base of everything that a close can end in other than closed. `outcome` tells the classes apart; `switch` over it
 * and the compiler knows the rest. No error holds or prints a key, a signature, an `Authorization` header or a request.
 *
 * @example
 * ```ts
 * catchError((error: unknown) => {
 *   if (error instanceof OrderPaidError) return fulfil(error.order);
 *   throw error;
 * })
 * ```
 */
export abstract class WechatPayError extends Error implements WechatPayErrorDetails {
  /** What became of the order. */
  abstract readonly outcome: Outcome;
  /** Whether the same call may succeed when it is made again. Making it again never does harm. */
  abstract readonly retryable: boolean;

  readonly variant: string;
  readonly order: OrderReference;
  declare readonly code?: string | undefined;
  declare readonly description?: string | undefined;
  declare readonly detail?: unknown;
  declare readonly status?: number | undefined;
  declare readonly requestId?: string | undefined;
  declare readonly internalCode?: string | undefined;
  declare readonly retryAfterMs?: number | undefined;
  declare readonly clockSkew?: number | undefined;
  readonly authenticated: boolean;
  readonly attempts: number;

  /**
   * @param message - says what happened and what to do
   * @param details - of the call
   */
  constructor(message: string, details: WechatPayErrorDetails) {
    super(message);
    this.variant = details.variant;
    this.order = details.order;
    this.authenticated = details.authenticated;
    this.attempts = details.attempts;
    const { code, description, detail, status, requestId, internalCode, retryAfterMs, clockSkew } = details;
    const said = { code, description, detail, status, requestId, internalCode, retryAfterMs, clockSkew };
    Object.assign(this, Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)));
  }

  /** The error as plain data, for logs and replies. */
  toJSON(): Record<string, unknown> {
    return { ...Object.fromEntries(Object.entries(this)), name: this.name, message: this.message };
  }
}
