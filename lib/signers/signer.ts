import type { KeyObject } from 'node:crypto';

import { rsaFault } from '../schemes/rsa-fault.js';

/** Whose signature is asked for, and for how long it is waited for. */
export interface SigningIdentity {
  /** The merchant that signs. A signer that holds several keys finds the right one by it. */
  readonly mchid: string;
  /** APIv3: serial number of its API certificate; changes when the merchant's key does. */
  readonly serialNo?: string;
  /** The APIv2 key (type `secret`) or the APIv3 private key; absent where the signer {@link Signer.holdsKey holds it}. */
  readonly key?: KeyObject;
  /**
   * Aborted when nobody waits for this signature any more: `timeouts.attemptMs` has passed, the caller has unsubscribed, or
   * the application shuts down. A signer that asks another machine hands it on (`fetch(url, { signal })`), so that the
   * question ends as well. The module always gives one; it may be absent where you call `sign` yourself.
   */
  readonly signal?: AbortSignal;
}

/**
 * Signs requests in one scheme. The class is also the extension point: a subclass named in `forRoot({ signers })` is a
 * provider like any other, may inject, may be asynchronous, and takes the place of the built-in one of its scheme.
 *
 * - One instance signs for all merchants, and for many calls at once: keep nothing between calls but what is looked up by
 *   `mchid` and `serialNo`.
 * - An error, a rejection, or anything but a text in hex or base64 ends the call in {@link OutcomeUnknownError} with the
 *   phase `notSent` and the reason `signer`: nothing was sent. The error itself is not kept, since it may hold a secret; log
 *   what you need in the signer.
 * - Signing may take `timeouts.attemptMs`, and the whole call `timeouts.totalMs`. A signature that comes later is not used.
 *   Every retry and every query is signed anew.
 * - `signerConformance` of `nestjs-wechatpay/testing` tries a signer of yours against all of this, with any test runner.
 *
 * Known answers to test against (protocol §6): for the canonical string
 * `appid=wxd930ea5d5a258f4f&body=test&device_info=1000&mch_id=10000100&nonce_str=ibuaiVcKdpRxkhJA` and the key
 * `192006250b4c09247ec02edce69f6a2d`, MD5 gives `9A0A8659F005D6984697E2CA0A9CF3B7` and HMAC-SHA256 gives
 * `6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6`.
 *
 * @example
 * ```ts
 * @Injectable()
 * class KmsSigner extends Signer {
 *   readonly scheme = 'WECHATPAY2-SHA256-RSA2048';
 *   override readonly holdsKey = true;
 *   constructor(@Inject(KmsClient) private readonly kms: KmsClient) { super(); }
 *   async sign(message: string, { mchid, signal }: SigningIdentity): Promise<string> {
 *     return this.kms.signBase64(mchid, Buffer.from(message), { signal });
 *   }
 * }
 * ```
 */
export abstract class Signer {
  /**
   * The scheme's name on the wire: `sign_type` in APIv2, the first word of `Authorization` in APIv3. It chooses which
   * built-in the signer replaces, and the verifier of the replies: a scheme of your own needs a {@link Verifier} as well.
   */
  abstract readonly scheme: string;

  /** Whether the signer finds keys by itself, so that merchants need not give one. */
  readonly holdsKey: boolean = false;

  /**
   * Why a merchant's APIv3 private key is not one for this scheme; asked when the module starts. Unless it is overridden, a
   * scheme takes RSA keys of 2048 bits or more.
   *
   * @param key - of type `private`
   * @returns the rest of a sentence that begins with the option's name, such as `is a key of type ec; RSA is needed`, or
   * nothing for a key that will do; never anything of the key itself
   */
  keyFault(key: KeyObject): string | undefined {
    return rsaFault(key);
  }

  /**
   * @param message - APIv2: the canonical string, to which the scheme adds the key; APIv3: the message to sign. What is signed
   * are its UTF-8 bytes (`Buffer.from(message)`). It may be longer than 4,096 bytes, which some KMS take at most: send those
   * its SHA-256 digest
   * @param identity - whose signature
   * @returns the signature as it goes on the wire, without line breaks: upper-case hex in APIv2, base64 in APIv3
   * @throws whatever says that there is no signature; see above for what comes of it
   */
  abstract sign(message: string, identity: SigningIdentity): string | Promise<string>;
}
