import { WechatPayError } from './wechat-pay.error.js';

/** The buyer is paying at this moment. Ask again after a few seconds. */
export class PaymentInProgressError extends WechatPayError {
  override readonly name = 'PaymentInProgressError';
  readonly outcome = 'in_progress';
  readonly retryable = true;
}
