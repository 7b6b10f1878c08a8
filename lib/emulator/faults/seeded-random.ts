/** A generator of numbers that look random and are the same for the same seed. It is not for secrets. */
export class SeededRandom {
  #state = 0;

  /** @param seed - any integer; its lower 32 bits count */
  constructor(seed: number) {
    this.seed(seed);
  }

  /**
   * Starts the sequence of a seed.
   *
   * @param seed - any integer; its lower 32 bits count
   */
  seed(seed: number): void {
    this.#state = seed >>> 0;
  }

  /** The next number: 0 or more, less than 1. */
  next(): number {
    // The generator mulberry32.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
