import { type KeyObject, sign } from 'node:crypto';

const DIGEST = 'RSA-SHA256';

/**
 * Signs with RSASSA-PKCS1-v1_5 and SHA-256, here and now.
 *
 * @param message - what is signed
 * @param key - an RSA private key
 * @returns Base64
 */
export async function signAtOnce(message: Buffer, key: KeyObject): Promise<string> {
  return inBase64(sign(DIGEST, message, key));
}

/** As {@link signAtOnce} does, on the threadpool. */
export function signOnThreadpool(message: Buffer, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign(DIGEST, message, key, (error, signature) => {
      if (error === null) resolve(inBase64(signature));
      else reject(error);
    });
  });
}

function inBase64(signature: Buffer): string {
  return signature.toString('base64');
}
