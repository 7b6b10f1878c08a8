let seal: <T>(value: T) => Verified<T>;

/**
 * A value that WeChat Pay's signature vouches for. Only {@link sealVerified} makes one, and only the `Verifier` base
 * class calls that, after a signature was found to be right: code that takes a `Verified` cannot be given anything else.
 */
export class Verified<T> {
  static {
    seal = (value) => new Verified(value);
  }

  readonly #value: T;

  private constructor(value: T) {
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
 * @internal for the `Verifier` base class alone
 */
export function sealVerified<T>(value: T): Verified<T> {
  return seal(value);
}
