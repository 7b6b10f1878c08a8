import { encodeXml } from '../../api-v2/xml.codec.js';

/** An answer to WeChat Pay. */
export interface NotificationReply {
  readonly status: number;
  /** Nothing for no body. */
  readonly body?: string;
  readonly contentType?: string;
}

/**
 * The answer that ends a notification: WeChat Pay does not send it again.
 *
 * @param api - whose form the notification has
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791861
 */
export function successReply(api: 'v2' | 'v3'): NotificationReply {
  return api === 'v3' ? { status: 200 } : xml(200, 'SUCCESS', 'OK');
}

/**
 * The answer to a notification that failed: WeChat Pay sends it again.
 *
 * @param api - whose form the notification has
 * @param status - 4xx or 5xx
 * @param message - for a person; the sender may be anybody
 */
export function failureReply(api: 'v2' | 'v3', status: number, message: string): NotificationReply {
  if (api === 'v2') return xml(status, 'FAIL', message);
  return { status, body: JSON.stringify({ code: 'FAIL', message }), contentType: 'application/json; charset=utf-8' };
}

function xml(status: number, return_code: string, return_msg: string): NotificationReply {
  const body = encodeXml(Object.entries({ return_code, return_msg }));
  return { status, body, contentType: 'text/xml; charset=utf-8' };
}
