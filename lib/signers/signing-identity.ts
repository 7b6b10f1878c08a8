import type { KeyObject } from 'node:crypto';

import type { LazySignal } from './lazy-signal.js';
import type { SigningIdentity } from './signer.js';

/**
 * An identity whose signal is made when the signer first looks at it.
 *
 * @param lazy - where the signal comes from
 * @param mchid - who signs
 * @param key - if it is not the signer that holds it
 * @param serialNo - of the merchant's API certificate, in APIv3
 */
export function signingIdentity(
  lazy: LazySignal,
  mchid: string,
  key: KeyObject | undefined,
  serialNo?: string,
): SigningIdentity {
  const identity: { -readonly [Member in keyof SigningIdentity]: SigningIdentity[Member] } = {
    mchid,
    get signal() {
      return lazy.signal;
    },
  };
  if (serialNo !== undefined) identity.serialNo = serialNo;
  if (key !== undefined) identity.key = key;
  return identity;
}
