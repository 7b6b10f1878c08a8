import type { PaidTransaction } from './paid-transaction.js';
import { WechatPayError, type WechatPayErrorDetails } from './wechat-pay.error.js';

/** The order has been paid, so it was not closed. Fulfil it or refund it. */
export class OrderPaidError extends WechatPayError {
  override readonly name = 'OrderPaidError';
  readonly outcome = 'paid';
  readonly retryable = false;
  /** How it was paid, where a signed query told. */
  declare readonly transaction?: PaidTransaction | undefined;

  constructor(message: string, details: WechatPayErrorDetails, transaction?: PaidTransaction) {
    super(message, details);
    if (transaction !== undefined) this.transaction = transaction;
  }
}
