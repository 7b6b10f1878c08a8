import { InvalidRequestError, type RequestIssue } from '../errors/invalid-request.error.js';
import { OrderTooYoungError } from '../errors/order-too-young.error.js';
import type { OrderReference } from '../errors/order-reference.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import type { Outcome, WechatPayError } from '../errors/wechat-pay.error.js';

/** An error as RFC 9457 `application/problem+json`. Nothing in it is secret. */
export interface WechatPayProblem {
  /** Names the kind of problem; one for each outcome. */
  readonly type: string;
  /** The same for every problem of this type. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** The error's message. It is written for developers: it names the order, the merchant and what WeChat Pay said. */
  readonly detail: string;
  /** What became of the order, as far as it is known. */
  readonly outcome: Outcome;
  /** Name of the variant that was called. */
  readonly variant: string;
  readonly order: OrderReference;
  /** Whether WeChat Pay's signature over the answer was verified. */
  readonly authenticated: boolean;
  /** Whether the same call may succeed when it is made again. */
  readonly retryable: boolean;
  /** WeChat's error code, in its own spelling. */
  readonly code?: string;
  /** For WeChat's support. */
  readonly requestId?: string;
  /** Of a request that does not hold. */
  readonly issues?: readonly RequestIssue[];
  /** Of an order that is too young: from when on it may be closed, RFC 3339 in UTC. */
  readonly closableAt?: string;
  /** Of an outcome that is unknown. */
  readonly phase?: string;
  readonly reason?: string;
}

/** What every problem of an outcome has in common. */
const KINDS: Readonly<Record<Outcome, readonly [status: number, title: string]>> = {
  not_sent: [400, 'The request was not sent to WeChat Pay.'],
  paid: [409, 'The order has been paid.'],
  not_found: [404, 'WeChat Pay does not know the order.'],
  in_progress: [409, 'The order is being paid.'],
  needs_reverse: [409, 'The order has to be reversed instead.'],
  refused: [502, 'WeChat Pay refused the request.'],
  unknown: [504, 'It is not known what became of the order.'],
};

/** A payment that is under way takes seconds. */
const IN_PROGRESS_SECONDS = 5;

/**
 * Puts an error as a problem.
 *
 * @param error - of a call
 */
export function problemOf(error: WechatPayError): WechatPayProblem {
  const { outcome, variant, order, authenticated, retryable, code, requestId } = error;
  const [status, title] = KINDS[outcome];
  return {
    type: `urn:nestjs-wechatpay:problem:${outcome.replace('_', '-')}`,
    title,
    status,
    detail: error.message,
    outcome,
    variant,
    order,
    authenticated,
    retryable,
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(error instanceof InvalidRequestError && { issues: error.issues }),
    ...(error instanceof OrderTooYoungError && { closableAt: error.closableAt.toISOString() }),
    ...(error instanceof OutcomeUnknownError && { phase: error.phase, reason: error.reason }),
  };
}

/**
 * How long a client should wait before it asks again, for `Retry-After`.
 *
 * @param error - of a call
 * @param now - in milliseconds
 * @returns whole seconds, or `undefined` where waiting is of no use or for how long is not known
 */
export function retryAfterSeconds(error: WechatPayError, now: number): number | undefined {
  if (error instanceof OrderTooYoungError) return Math.max(1, Math.ceil((error.closableAt.getTime() - now) / 1_000));
  if (error.retryable && error.retryAfterMs !== undefined) return Math.max(1, Math.ceil(error.retryAfterMs / 1_000));
  return error.outcome === 'in_progress' ? IN_PROGRESS_SECONDS : undefined;
}
