import type { KeyObject } from 'node:crypto';

import type { Type } from '@nestjs/common';

import { Signer, type SignatureEvidence, type SigningIdentity, Verifier } from '../../index.js';

/**
 * The class of a signer that is made already, as the module takes classes.
 *
 * @param signer - the one that signs
 * @param sign - what to do instead; what it gives may be anything
 */
export function handedSigner(
  signer: Signer,
  sign: (message: string, identity: SigningIdentity) => unknown = (message, identity) => signer.sign(message, identity),
): Type<Signer> {
  class HandedSigner extends Signer {
    readonly scheme = signer.scheme;
    override readonly holdsKey = signer.holdsKey;

    override keyFault(key: KeyObject): string | undefined {
      return signer.keyFault(key);
    }

    sign(): never {
      throw new TypeError('takes the place of the one below');
    }
  }
  Object.defineProperty(HandedSigner.prototype, 'sign', { value: sign });
  return HandedSigner;
}

/**
 * The class of a verifier that is made already, as the module takes classes.
 *
 * @param verifier - the one that verifies
 * @param matches - what to do instead; what it gives may be anything
 */
export function handedVerifier(
  verifier: Verifier,
  matches: (evidence: SignatureEvidence) => unknown = (evidence) => verifier.matches(evidence),
): Type<Verifier> {
  class HandedVerifier extends Verifier {
    readonly scheme = verifier.scheme;

    override keyFault(key: KeyObject): string | undefined {
      return verifier.keyFault(key);
    }

    matches(): never {
      throw new TypeError('takes the place of the one below');
    }
  }
  Object.defineProperty(HandedVerifier.prototype, 'matches', { value: matches });
  return HandedVerifier;
}
