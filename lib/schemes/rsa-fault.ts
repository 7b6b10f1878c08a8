import type { KeyObject } from 'node:crypto';

const SMALLEST_MODULUS = 2048;

/**
 * Why a key cannot be one of `WECHATPAY2-SHA256-RSA2048`.
 *
 * @param key - a private or public key
 * @returns the rest of a sentence that begins with the option's name, or nothing for an RSA key of 2048 bits or more
 */
export function rsaFault({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  // Node has no name for the type of an SM2 key.
  if (asymmetricKeyType === undefined) {
    return 'is not an RSA key; if it is an SM2 key, register the signer and verifier of nestjs-wechatpay/sm and name their scheme';
  }
  if (asymmetricKeyType !== 'rsa') return `is a key of type ${asymmetricKeyType}; RSA is needed`;
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < SMALLEST_MODULUS
    ? `is an RSA key of ${bits} bits; WeChat Pay's have ${SMALLEST_MODULUS} or more`
    : undefined;
}
