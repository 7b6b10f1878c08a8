import { AttemptFault } from '../answers/attempt-fault.js';
import { errorName } from '../answers/error-name.js';
import { awaited, mayBeAwaited } from '../environment/and-then.js';
import type { Signer, SigningIdentity } from './signer.js';

const SIGNATURE_TEXT = /^[0-9A-Za-z+/=]{1,4096}$/;

/**
 * Asks a signer, which may be the application's own, and takes nothing of it for granted.
 *
 * @param signer - of the scheme that is wanted, if there is one
 * @returns the signature, at once where the signer gives it at once
 * @throws {@link AttemptFault} of phase `notSent` where there is no usable signature. The signer's own error is not kept,
 * since it may hold a secret.
 */
export function askSigner(
  signer: Signer | undefined,
  message: string,
  identity: SigningIdentity,
): string | Promise<string> {
  const failed = (error: unknown): never => {
    throw signerFault(`The signer ${nameOf(signer)} failed with ${errorName(error)}`);
  };
  const usable = (signature: unknown): string => {
    if (typeof signature === 'string' && SIGNATURE_TEXT.test(signature)) return signature;
    throw signerFault(`The signer ${nameOf(signer)} gave no signature in hex or base64`);
  };
  let signature: unknown;
  try {
    signature = signer?.sign(message, identity);
  } catch (error) {
    return failed(error);
  }
  return mayBeAwaited(signature) ? awaited(signature).then(usable, failed) : usable(signature);
}

function nameOf(signer: Signer | undefined): string {
  return signer?.constructor.name ?? '(none)';
}

function signerFault(what: string): AttemptFault {
  return new AttemptFault('notSent', 'signer', `${what}; nothing was sent.`);
}
