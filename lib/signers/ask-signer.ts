import { AttemptFault } from '../answers/attempt-fault.js';
import { errorName } from '../answers/error-name.js';
import { mayBeAwaited } from '../environment/and-then.js';
import type { Signer, SigningIdentity } from './signer.js';

const NEITHER_HEX_NOR_BASE64 = /[^0-9A-Za-z+/=]/;
const LONGEST = 4_096;

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
  let signature: unknown;
  try {
    signature = signer?.sign(message, identity);
  } catch (error) {
    throw failed(signer, error);
  }
  return mayBeAwaited(signature) ? promised(signer, signature) : usable(signer, signature);
}

async function promised(signer: Signer | undefined, promise: unknown): Promise<string> {
  let signature: unknown;
  try {
    signature = await promise;
  } catch (error) {
    throw failed(signer, error);
  }
  return usable(signer, signature);
}

function usable(signer: Signer | undefined, signature: unknown): string {
  if (isUsable(signature)) return signature;
  throw signerFault(`The signer ${nameOf(signer)} gave no signature in hex or base64`);
}

function isUsable(signature: unknown): signature is string {
  if (typeof signature !== 'string' || signature === '' || signature.length > LONGEST) return false;
  return !NEITHER_HEX_NOR_BASE64.test(signature);
}

function failed(signer: Signer | undefined, error: unknown): AttemptFault {
  return signerFault(`The signer ${nameOf(signer)} failed with ${errorName(error)}`);
}

function nameOf(signer: Signer | undefined): string {
  return signer?.constructor.name ?? '(none)';
}

function signerFault(what: string): AttemptFault {
  return new AttemptFault('notSent', 'signer', `${what}; nothing was sent.`);
}
