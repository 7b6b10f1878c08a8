import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import type { OrderReference } from '../errors/order-reference.js';

/** What was asked of {@link CloseOrderService}. */
export type CallOperation = 'close' | 'query' | 'settle';

/** A call that begins. */
export interface CallFacts {
  readonly operation: CallOperation;
  /** Name of the variant. */
  readonly variant: string;
}

/** What a call emitted, in the members that its results have in common. */
export interface CallResult {
  /** `CLOSED`; of a settlement also `PAID`; of a query WeChat Pay's own word. */
  readonly state: string;
  readonly order: OrderReference;
  readonly attempts: number;
  readonly requestId?: string;
  readonly confirmedBy?: 'reply' | 'query';
  readonly alreadyClosed?: boolean;
}

/** How a call ended. An error that is thrown is a {@link WechatPayError}. */
export type CallEnd =
  | { readonly kind: 'emitted'; readonly result: CallResult }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'unsubscribed' };

/** A signed request that begins: to close, or to ask. Nothing of it is secret. */
export interface AttemptFacts {
  readonly operation: 'close' | 'query';
  readonly variant: string;
  /** The merchant that signs. */
  readonly mchid: string;
  readonly order: OrderReference;
  readonly method: 'GET' | 'POST';
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
}

/** How an attempt ended. */
export interface AttemptEnd {
  /**
   * - `verified`: an answer with WeChat Pay's signature.
   * - `unverified`: an answer that proves nothing.
   * - `silent`: no whole answer.
   * - `unsubscribed`: nobody waited for it any more, for instance since the call's time was up.
   */
  readonly kind: 'verified' | 'unverified' | 'silent' | 'unsubscribed';
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** WeChat's error code, in its own spelling. */
  readonly code?: string | undefined;
  /** APIv3 `Request-ID`, for WeChat's support. */
  readonly requestId?: string | undefined;
  /** How far it got, where it is not verified. */
  readonly phase?: DoubtPhase;
  /** What went wrong, where it is not verified. */
  readonly reason?: DoubtReason;
}

/** Follows one attempt. */
export interface AttemptObservation {
  /** It has ended; called once. */
  end(end: AttemptEnd): void;
  /** Runs what begins the attempt, so that what it does belongs to it. Call `run` at once, and exactly once. */
  within?(run: () => void): void;
}

/** Follows one call. */
export interface CallObservation {
  /** An attempt of it begins. */
  attempt?(facts: AttemptFacts): AttemptObservation | undefined;
  /** It has ended; called once, before the caller hears of it. */
  end(end: CallEnd): void;
  /** Runs what begins the call, so that what it does belongs to it. Call `run` at once, and exactly once. */
  within?(run: () => void): void;
  /** Runs what the application does with the end, which belongs to the call no more. Call `run` at once, and exactly once. */
  outside?(run: () => void): void;
}

/**
 * Hears of every call, for traces, metrics or logs. Name classes or instances in `forRoot({ observers })`. What an observer
 * throws is ignored: it must not fail an order. It is called on the way of the request, so it should be quick.
 *
 * @example
 * ```ts
 * class PaidCounter extends CallObserver {
 *   begin(): CallObservation {
 *     return { end: (end) => void (end.kind === 'failed' && end.error instanceof OrderPaidError && this.paid++) };
 *   }
 *   paid = 0;
 * }
 * ```
 */
export abstract class CallObserver {
  /**
   * A call begins, that is, it was subscribed to.
   *
   * @param call - what is asked
   * @returns what follows it, or `undefined` where nobody is interested
   */
  abstract begin(call: CallFacts): CallObservation | undefined;

  /** Runs what puts a signed request on the wire. Call `run` at once, and exactly once. */
  sending?(run: () => void): void;
}
