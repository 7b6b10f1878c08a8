import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import { WechatPayError, type WechatPayErrorDetails } from './wechat-pay.error.js';

/** Words that nothing proves. They may be WeChat Pay's or anybody's; never release stock or goods on them. */
export interface Hint {
  /** What the answer would mean if it were proven. */
  readonly outcome: 'closed' | 'paid' | 'not_found' | 'in_progress' | 'needs_reverse' | 'refused';
  /** The code that said so. */
  readonly code?: string;
}

/** How far the attempt got, what went wrong, and what unproven words there were. */
export interface OutcomeUnknownDetails extends WechatPayErrorDetails {
  readonly phase: DoubtPhase;
  readonly reason: DoubtReason;
  readonly hint?: Hint | undefined;
}

/**
 * There was no answer, or none that can be believed or that is definite: the order may be open, closed or paid. Ask again;
 * never release stock.
 */
export class OutcomeUnknownError extends WechatPayError {
  override readonly name = 'OutcomeUnknownError';
  readonly outcome = 'unknown';
  readonly retryable = true;
  /** How far the attempt got; with `notSent`, WeChat Pay has not seen the request. */
  readonly phase: DoubtPhase;
  /** What went wrong. */
  readonly reason: DoubtReason;
  /** What the answer claims, unproven. */
  declare readonly hint?: Hint | undefined;

  constructor(message: string, details: OutcomeUnknownDetails) {
    super(message, details);
    this.phase = details.phase;
    this.reason = details.reason;
    if (details.hint !== undefined) this.hint = details.hint;
  }
}
