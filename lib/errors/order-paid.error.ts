import { WechatPayError } from './wechat-pay.error.js';

/** The order has been paid, so it was not closed. Fulfil it or refund it. */
export class OrderPaidError extends WechatPayError {
  override readonly name = 'OrderPaidError';
  readonly outcome = 'paid';
  readonly retryable = false;
}
