import type { KeyObject } from 'node:crypto';

import { rsaFault } from '../schemes/rsa-fault.js';

/** Whose signature is asked for. */
export interface SigningIdentity {
  /** The merchant that signs. */
  readonly mchid: string;
  /** APIv3: serial number of its API certificate. */
  readonly serialNo?: string;
  /** The APIv2 key (type `secret`) or the APIv3 private key; absent where the signer {@link Signer.holdsKey holds it}. */
  readonly key?: KeyObject;
}

/**
 * Signs requests in one scheme. The class is also the extension point: a subclass named in `forRoot({ signers })` is a
 * provider like any other, may inject, may be asynchronous, and takes the place of the built-in one of its scheme.
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
 *   async sign(message: string, { mchid }: SigningIdentity): Promise<string> {
 *     return this.kms.signBase64(mchid, message);
 *   }
 * }
 * ```
 */
export abstract class Signer {
  /** The scheme's name on the wire: `sign_type` in APIv2, the first word of `Authorization` in APIv3. */
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
   * @param message - APIv2: the canonical string, to which the scheme adds the key; APIv3: the message to sign
   * @param identity - whose signature
   * @returns the signature as it goes on the wire: upper-case hex in APIv2, base64 in APIv3
   */
  abstract sign(message: string, identity: SigningIdentity): string | Promise<string>;
}
