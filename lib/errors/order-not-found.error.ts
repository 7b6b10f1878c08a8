import { WechatPayError } from './wechat-pay.error.js';

/** WeChat Pay does not know the order. Check the number and the merchant. */
export class OrderNotFoundError extends WechatPayError {
  override readonly name = 'OrderNotFoundError';
  readonly outcome = 'not_found';
  readonly retryable = false;
}
