import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import type { Type } from '@nestjs/common';

import { Signer, type SignatureEvidence, Verifier } from '../../index.js';

/** The other half of a scheme that only one half is known of: it signs, and believes what it has signed. */
export interface StandIn {
  readonly sign: (message: Uint8Array) => string;
  readonly verify: (message: Uint8Array, signature: string) => boolean;
  readonly signer: Type<Signer>;
  readonly verifier: Type<Verifier>;
}

/**
 * Makes the other half of a scheme, with a MAC whose key nobody else has.
 *
 * @param scheme - its name
 */
export function standInFor(scheme: string): StandIn {
  const key = randomBytes(32);
  const mac = (message: Uint8Array) => createHmac('sha256', key).update(message).digest();
  const sign = (message: Uint8Array) => mac(message).toString('base64');
  const verify = (message: Uint8Array, signature: string) => {
    const given = Buffer.from(signature, 'base64');
    const right = mac(message);
    return given.byteLength === right.byteLength && timingSafeEqual(given, right);
  };

  class StandInSigner extends Signer {
    readonly scheme = scheme;
    override readonly holdsKey = true;

    sign(message: string): string {
      return sign(Buffer.from(message));
    }
  }

  class StandInVerifier extends Verifier {
    readonly scheme = scheme;

    override keyFault(): undefined {
      return undefined;
    }

    matches({ message, signature }: SignatureEvidence): boolean {
      return verify(message, signature);
    }
  }

  return { sign, verify, signer: StandInSigner, verifier: StandInVerifier };
}
