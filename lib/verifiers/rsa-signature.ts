/** The digest of scheme `WECHATPAY2-SHA256-RSA2048`, as `node:crypto` names it. */
export const RSA_DIGEST = 'RSA-SHA256';

/**
 * The bytes of a signature.
 *
 * @param signature - in Base64
 * @returns nothing for another spelling than the one canonical of its bytes: Node skips what is not Base64
 */
export function signatureBytes(signature: string): Buffer | undefined {
  const bytes = Buffer.from(signature, 'base64');
  return bytes.toString('base64') === signature ? bytes : undefined;
}
