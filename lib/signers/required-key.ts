import type { KeyObject } from 'node:crypto';

import type { SigningIdentity } from './signer.js';

/**
 * The key that a built-in signer needs. Options without one do not pass the module's start, so this speaks only where a
 * merchant came from elsewhere.
 *
 * @throws Error that names the merchant
 */
export function requiredKey({ mchid, key }: SigningIdentity): KeyObject {
  if (key === undefined) throw new Error(`merchant ${mchid} has no key for this signer`);
  return key;
}
