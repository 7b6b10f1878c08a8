import { WechatPayError, type WechatPayErrorDetails } from './wechat-pay.error.js';

/** One fault of a request. */
export interface RequestIssue {
  /** The field, e.g. `sub_orders[0].out_trade_no`; `request` for the request as a whole. */
  readonly field: string;
  /** The rule that it breaks. Never the value. */
  readonly rule: string;
}

/** The request does not hold, so nothing was sent. */
export class InvalidRequestError extends WechatPayError {
  override readonly name = 'InvalidRequestError';
  readonly outcome = 'not_sent';
  readonly retryable = false;

  /**
   * @param issues - every fault, at least one
   * @param details - of the call
   */
  constructor(
    readonly issues: readonly RequestIssue[],
    details: Pick<WechatPayErrorDetails, 'variant' | 'order'>,
  ) {
    const list = issues.map(({ field, rule }) => `${field} ${rule}`).join('; ');
    super(`Nothing was sent (variant ${details.variant}): ${list}.`, { ...details, authenticated: false, attempts: 0 });
  }
}
