import { HMAC_SHA256, MD5, WECHATPAY2_SHA256_RSA2048 } from '../index.js';

export { HMAC_SHA256, MD5 };

/** APIv3 with RSA keys. */
export const RSA = WECHATPAY2_SHA256_RSA2048;

/** Whether a scheme is one of the two of APIv2. */
export function isApiV2(scheme: string): scheme is typeof MD5 | typeof HMAC_SHA256 {
  return scheme === MD5 || scheme === HMAC_SHA256;
}

/** Which API a scheme belongs to: what is not of APIv2 is of APIv3. */
export function apiOf(scheme: string): 'v2' | 'v3' {
  return isApiV2(scheme) ? 'v2' : 'v3';
}

/** Whether the suites can make keys and signatures of a scheme by themselves. */
export function isKnown(scheme: string): boolean {
  return isApiV2(scheme) || scheme === RSA;
}
