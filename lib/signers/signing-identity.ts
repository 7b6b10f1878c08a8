import type { SigningIdentity } from './signer.js';

/**
 * An identity whose signal is made when the signer first looks at it.
 *
 * @param who - whose signature
 * @param signal - makes the signal
 */
export function signingIdentity(who: Omit<SigningIdentity, 'signal'>, signal: () => AbortSignal): SigningIdentity {
  return {
    ...who,
    get signal() {
      return signal();
    },
  };
}
