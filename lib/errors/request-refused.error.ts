import { WechatPayError } from './wechat-pay.error.js';

/** WeChat Pay refused the request: parameters, permission, signature, account or rule. Mend the configuration; the order is as it was. */
export class RequestRefusedError extends WechatPayError {
  override readonly name = 'RequestRefusedError';
  readonly outcome = 'refused';
  readonly retryable = false;
}
