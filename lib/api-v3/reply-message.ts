const LINE_FEED = Buffer.from('\n');

/**
 * The bytes that an APIv3 reply signature covers: timestamp, nonce and the raw body, each ended by a line feed. The body
 * of a 204 is empty, so its signature names no order.
 *
 * @param timestamp - `Wechatpay-Timestamp` as sent
 * @param nonce - `Wechatpay-Nonce` as sent
 * @param body - the bytes as they came from the socket
 * @see protocol: APIv3 reply verification — https://pay.weixin.qq.com/doc/v3/merchant/4013053420
 */
export function replyMessage(timestamp: string, nonce: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, LINE_FEED]);
}
