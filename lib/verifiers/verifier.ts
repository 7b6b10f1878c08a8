import type { KeyObject } from 'node:crypto';

import { rsaFault } from '../schemes/rsa-fault.js';
import { AES_256_GCM } from './aes-256-gcm.js';
import type { CertificateCipher } from './certificate-cipher.js';

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
 * the built-in one of its scheme. It only answers yes or no; what is made of a yes is not its business: time, serial, nonce
 * and whom the reply speaks to are checked elsewhere.
 *
 * Money hangs on the yes. A reply that it takes for WeChat Pay's may close an order or report it paid, so a signature must have
 * one spelling and one only: decoders that skip what they do not know (`Buffer.from(text, 'base64')`) need a second look.
 * Anything but `true` ends in {@link OutcomeUnknownError} with the reason `signature`, an error with the reason `verifier`;
 * after `timeouts.attemptMs` the reason is `timeout`.
 *
 * `verifierConformance` of `nestjs-wechatpay/testing` tries a verifier of yours: each flipped bit, other keys, encodings and
 * schemes.
 *
 * @example
 * ```ts
 * class CountingVerifier extends RsaSha256Verifier {
 *   override matches(evidence: SignatureEvidence): boolean {
 *     const verdict = super.matches(evidence);
 *     counters.increment(verdict ? 'signed' : 'forged');
 *     return verdict;
 *   }
 * }
 * ```
 */
export abstract class Verifier {
  /** The scheme's name on the wire, as for the signer. */
  abstract readonly scheme: string;

  /**
   * How WeChat Pay encrypts the platform certificates of this scheme, for merchants that have them downloaded. Unless it is
   * overridden, with `AEAD_AES_256_GCM`.
   */
  readonly certificateCipher: CertificateCipher = AES_256_GCM;

  /**
   * Why one of WeChat Pay's APIv3 public keys is not one for this scheme; asked when the module starts. Unless it is
   * overridden, a scheme takes RSA keys of 2048 bits or more.
   *
   * @param key - of type `public`
   * @returns the rest of a sentence that begins with the option's name, or nothing for a key that will do
   */
  keyFault(key: KeyObject): string | undefined {
    return rsaFault(key);
  }

  /**
   * Whether the signature is right.
   *
   * @param evidence - the signature, its bytes and its key
   * @returns `true` for a right signature; must be `false`, or throw, for anything else, and compare secrets in constant
   * time
   */
  abstract matches(evidence: SignatureEvidence): boolean | Promise<boolean>;
}
