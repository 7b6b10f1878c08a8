import type { KeyObject } from 'node:crypto';

import { sealVerified, type Verified } from '../answers/verified.js';

/** A signature and what it is said to cover. */
export interface SignatureEvidence {
  /** The bytes that the signature covers: APIv2 the canonical string, APIv3 the reply message. */
  readonly message: Uint8Array;
  /** The signature as it came: hex in APIv2, base64 in APIv3. */
  readonly signature: string;
  /** The key to check with: the merchant's APIv2 key, or the public key that the reply's serial names. */
  readonly key: KeyObject;
}

/**
 * Verifies replies in one scheme. Like {@link Signer}, a subclass named in `forRoot({ verifiers })` takes the place of
 * the built-in one of its scheme. It only answers yes or no; the {@link Verified} seal is made here.
 */
export abstract class Verifier {
  /** The scheme's name on the wire, as for the signer. */
  abstract readonly scheme: string;

  /**
   * Whether the signature is right. Must be false, or throw, for anything but a right one; must compare secrets in
   * constant time.
   */
  protected abstract matches(evidence: SignatureEvidence): boolean | Promise<boolean>;

  /**
   * Seals a value if the evidence holds.
   *
   * @param value - what the signed bytes say
   * @param evidence - the signature, its bytes and its key
   * @returns the sealed value, or `undefined` if the signature is wrong
   */
  async verify<T>(value: T, evidence: SignatureEvidence): Promise<Verified<T> | undefined> {
    const verdict: unknown = await this.matches(evidence);
    return verdict === true ? sealVerified(value) : undefined;
  }
}
