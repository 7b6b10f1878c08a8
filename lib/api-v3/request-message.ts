/** One APIv3 request as it will go out, for the signature. */
export interface SignableRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query exactly as sent, already percent-encoded, without scheme and host. */
  readonly target: string;
  /** Unix time in seconds. */
  readonly timestamp: number;
  readonly nonce: string;
  /** The body's text exactly as sent, empty for GET. */
  readonly body: string;
}

/**
 * The text that an APIv3 request signature covers: method, target, timestamp, nonce and body, each ended by a line feed.
 *
 * @see protocol: APIv3 request signing — https://pay.weixin.qq.com/doc/v3/merchant/4012365342
 */
export function requestMessage({ method, target, timestamp, nonce, body }: SignableRequest): string {
  return `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`;
}
