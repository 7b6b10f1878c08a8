import type { KeyObject } from 'node:crypto';

import type { Signer } from '../../index.js';

/** A merchant that a signer signs for. */
export interface SigningMerchant {
  /** The merchant number: 1 to 32 digits. */
  readonly mchid: string;
  /**
   * APIv3: serial number of its API certificate, hex.
   *
   * @default one that is made up
   */
  readonly serialNo?: string;
  /** What the signer is given as `key`; left out where it holds the key. */
  readonly key?: KeyObject;
  /** What its signatures are checked with: APIv3 the public key, APIv2 the APIv2 key. */
  readonly checkKey: KeyObject;
}

/** What {@link signerConformance} takes. */
export interface SignerConformanceOptions {
  /** The scheme that the signer must speak, such as `WECHATPAY2-SHA256-RSA2048`. */
  readonly scheme: string;
  /**
   * Merchants that the signer signs for; two or more show whether it mixes them up. They must be given where the signer holds
   * its keys, and for schemes other than the three built-in ones. A function is asked when the first case runs, so that a test
   * may start its KMS before.
   *
   * @default two merchants with new keys
   */
  readonly merchants?:
    readonly SigningMerchant[] | (() => readonly SigningMerchant[] | Promise<readonly SigningMerchant[]>);
  /**
   * Whether a signature is right. It must be given for schemes other than the three built-in ones.
   *
   * @param message - the bytes that are signed
   * @param signature - as the signer gave it
   * @param merchant - whose it should be
   */
  readonly verify?: (message: Uint8Array, signature: string, merchant: SigningMerchant) => boolean;
  /**
   * Makes a signer that never gets an answer, such as one whose KMS takes the request and keeps silent. Give it for every signer
   * that waits for something: without it, whether it stops when it is told to is not tried.
   */
  readonly makeStuck?: () => Signer | Promise<Signer>;
  /**
   * Makes a signer that cannot sign, such as one whose KMS refuses.
   *
   * @default the signer itself, asked for a merchant that it has no key of
   */
  readonly makeBroken?: () => Signer | Promise<Signer>;
  /**
   * Texts that must come out nowhere, such as the token that the KMS asks for. Keys that are given in `merchants` are looked for
   * by themselves. A function is asked when a case runs.
   *
   * @default []
   */
  readonly secrets?: readonly string[] | (() => readonly string[]);
}
