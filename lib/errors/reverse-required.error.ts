import { WechatPayError } from './wechat-pay.error.js';

/** A payment-code order, which cannot be closed but only reversed (internal code 268449641). */
export class ReverseRequiredError extends WechatPayError {
  override readonly name = 'ReverseRequiredError';
  readonly outcome = 'needs_reverse';
  readonly retryable = false;
}
