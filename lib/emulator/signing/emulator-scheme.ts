/**
 * A scheme of APIv3 besides the RSA one, for the emulator to speak: it is handed in, so that the emulator needs no package
 * for it. A request in the scheme is answered in it.
 */
export interface EmulatorScheme {
  /** Its name, as in `Authorization` and `Wechatpay-Signature-Type`. */
  readonly scheme: string;
  /** What `Wechatpay-Serial` says of replies. */
  readonly serial: string;
  /**
   * Signs a reply with WeChat Pay's key.
   *
   * @param message - what is signed
   * @returns base64
   */
  sign(message: Uint8Array): string;
  /**
   * Whether a merchant's signature is right.
   *
   * @param message - what should be signed
   * @param signature - base64, as it came
   * @param mchid - whose it should be
   */
  verify(message: Uint8Array, signature: string, mchid: string): boolean;
}

/** The scheme that APIv3 is signed in by default. */
export const RSA_SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/**
 * The scheme that an `Authorization` header names, if it is one of these.
 *
 * @param schemes - the schemes besides RSA
 * @param authorization - the header's value
 */
export function namedScheme(
  schemes: readonly EmulatorScheme[],
  authorization: string | undefined,
): EmulatorScheme | undefined {
  const [name] = authorization?.split(' ', 1) ?? [];
  return schemes.find(({ scheme }) => scheme === name);
}
