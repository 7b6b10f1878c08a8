import { WechatPayError, type WechatPayErrorDetails } from './wechat-pay.error.js';

/** The order is younger than WeChat Pay wants it to be for a close, so nothing was sent. Wait until `closableAt`. */
export class OrderTooYoungError extends WechatPayError {
  override readonly name = 'OrderTooYoungError';
  readonly outcome = 'not_sent';
  readonly retryable = true;

  /**
   * @param message - says what to do
   * @param details - of the call
   * @param closableAt - from when on it may be closed
   */
  constructor(
    message: string,
    details: WechatPayErrorDetails,
    readonly closableAt: Date,
  ) {
    super(message, details);
  }
}
