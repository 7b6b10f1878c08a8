/** Nobody outside this file has it. */
const SEAL: unique symbol = Symbol('seal');

/**
 * A value that WeChat Pay's signature vouches for. Only {@link sealVerified} makes one, and it is called in one place,
 * after a signature was found to be right: code that takes a `Verified` cannot be given anything else.
 */
export class Verified<T> {
  readonly #value: T;

  /**
   * @param seal - which nobody else has
   * @param value - what was vouched for
   */
  constructor(seal: typeof SEAL, value: T) {
    if (seal !== SEAL) throw new TypeError('Only a verified signature makes a Verified.');
    this.#value = value;
  }

  /** What was vouched for. */
  get value(): T {
    return this.#value;
  }
}

/**
 * Seals a value after its signature was verified.
 *
 * @internal for `askVerifier` alone
 */
export function sealVerified<T>(value: T): Verified<T> {
  return new Verified(SEAL, value);
}
