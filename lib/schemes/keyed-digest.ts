import { createHash, createHmac, type KeyObject } from 'node:crypto';

const BEFORE_KEY = '&key=';

/**
 * APIv2's MD5 signature: MD5 over the canonical string and `&key=` with the key, in upper-case hex.
 *
 * @param canonical - the canonical string, or its bytes in UTF-8
 * @param key - the APIv2 key
 * @see protocol: APIv2 signing, steps 4 to 6
 */
export function keyedMd5(canonical: string | Uint8Array, key: KeyObject): string {
  return createHash('md5').update(canonical).update(BEFORE_KEY).update(key.export()).digest('hex').toUpperCase();
}

/**
 * APIv2's HMAC-SHA256 signature: keyed with the APIv2 key, over the canonical string and `&key=` with the key once more.
 *
 * @param canonical - the canonical string, or its bytes in UTF-8
 * @param key - the APIv2 key
 * @see protocol: APIv2 signing, steps 4 to 6
 */
export function keyedHmacSha256(canonical: string | Uint8Array, key: KeyObject): string {
  return createHmac('sha256', key)
    .update(canonical)
    .update(BEFORE_KEY)
    .update(key.export())
    .digest('hex')
    .toUpperCase();
}
