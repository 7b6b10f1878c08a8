import { createHash, createHmac, type KeyObject } from 'node:crypto';

import { MD5 } from './schemes.js';

/**
 * The right APIv2 signature. It is computed here once more, so that the library's own classes can be held against it.
 *
 * @param scheme - `MD5` or `HMAC-SHA256`
 * @param message - the canonical string
 * @param key - the APIv2 key
 * @returns upper-case hex
 * @see protocol: APIv2 signing, steps 4 to 6
 */
export function apiV2Signature(scheme: string, message: Uint8Array, key: KeyObject): string {
  const secret = key.export();
  const hash = scheme === MD5 ? createHash('md5') : createHmac('sha256', secret);
  return hash
    .update(Buffer.concat([message, Buffer.from('&key='), secret]))
    .digest('hex')
    .toUpperCase();
}
