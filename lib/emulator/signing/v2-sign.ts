import { createHash, createHmac } from 'node:crypto';

import { canonicalString } from '../../api-v2/canonical-string.js';

/** The algorithms of APIv2. */
export type V2SignType = 'MD5' | 'HMAC-SHA256';

/**
 * The `sign` of an APIv2 message: upper-case hex.
 *
 * @param fields - the message's fields; `sign` and empty ones do not count
 * @param key - the merchant's APIv2 key
 * @param signType - the algorithm
 * @see protocol: APIv2 signing, steps 1 to 6
 */
export function v2Sign(fields: Iterable<readonly [string, string]>, key: string, signType: V2SignType): string {
  const text = `${canonicalString(fields)}&key=${key}`;
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', key);
  return hash.update(text).digest('hex').toUpperCase();
}
