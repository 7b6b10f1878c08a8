import { createHash, type KeyObject } from 'node:crypto';

const known = new WeakMap<KeyObject, string>();

/**
 * What tells public keys apart, whatever they are called: SHA-256 of the key in SPKI form, in hex.
 *
 * @param key - a public key
 */
export function keyFingerprint(key: KeyObject): string {
  const fingerprint =
    known.get(key) ??
    createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex');
  known.set(key, fingerprint);
  return fingerprint;
}
