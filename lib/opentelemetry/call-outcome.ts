import { InvalidRequestError } from '../errors/invalid-request.error.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import { WechatPayError } from '../errors/wechat-pay.error.js';
import type { CallEnd } from '../observability/call-observer.js';

/** What a call came to, in words that are few enough for metrics. */
export interface CallOutcome {
  /** An outcome, `closed`, the state that a query told in lower case, or `unsubscribed`. */
  readonly outcome: string;
  readonly phase?: string;
  readonly reason?: string;
  /** What kind of fault it is, where it is one: what a signed answer says of the order is none. */
  readonly errorType?: string;
}

/**
 * Says what a call came to.
 *
 * @param end - of the call
 */
export function outcomeOfCall(end: CallEnd): CallOutcome {
  if (end.kind === 'unsubscribed') return { outcome: 'unsubscribed' };
  if (end.kind === 'emitted') return { outcome: end.result.state.toLowerCase() };
  const { error } = end;
  if (!(error instanceof WechatPayError)) return { outcome: 'unknown', errorType: '_OTHER' };
  const { outcome } = error;
  if (error instanceof OutcomeUnknownError) {
    return { outcome, phase: error.phase, reason: error.reason, errorType: error.reason };
  }
  if (error instanceof InvalidRequestError || outcome === 'refused') return { outcome, errorType: error.name };
  return { outcome };
}
