import type { KeyObject } from 'node:crypto';

/** Someone who signs rightly, with one key. */
export interface Signatory {
  /** What the verifier checks with: APIv3 the public key, APIv2 the APIv2 key. */
  readonly key: KeyObject;
  /**
   * Signs.
   *
   * @param message - the bytes to sign
   * @returns as it stands on the wire: base64 in APIv3, upper-case hex in APIv2
   */
  sign(message: Uint8Array): string;
  /**
   * Signatures that the same key makes in other schemes, such as with another hash. None of them may be believed.
   *
   * @param message - the bytes to sign
   */
  lookalikes?(message: Uint8Array): readonly string[];
}

/** What {@link verifierConformance} takes. */
export interface VerifierConformanceOptions {
  /** The scheme that the verifier must speak, such as `WECHATPAY2-SHA256-RSA2048`. */
  readonly scheme: string;
  /**
   * Makes someone who signs, with a new key each time. It must be given for schemes other than the three built-in ones.
   *
   * @default signs with new keys in the built-in schemes
   */
  readonly makeSignatory?: () => Signatory | Promise<Signatory>;
}
