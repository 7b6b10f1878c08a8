/** What an APIv3 `Authorization` header says. */
export interface Authorization {
  /** The signature scheme, e.g. `WECHATPAY2-SHA256-RSA2048`. */
  readonly scheme: string;
  readonly mchid: string;
  readonly nonce_str: string;
  /** Unix time in seconds. */
  readonly timestamp: number;
  /** Serial number of the merchant's API certificate, in hex. */
  readonly serial_no: string;
  /** Base64. */
  readonly signature: string;
}

/**
 * Writes the `Authorization` header of an APIv3 request.
 *
 * @see protocol: APIv3 request signing — https://pay.weixin.qq.com/doc/v3/merchant/4012365342
 */
export function authorizationHeader(authorization: Authorization): string {
  const { scheme, mchid, nonce_str, timestamp, serial_no, signature } = authorization;
  return (
    `${scheme} mchid="${mchid}",nonce_str="${nonce_str}",timestamp="${timestamp}",` +
    `serial_no="${serial_no}",signature="${signature}"`
  );
}
