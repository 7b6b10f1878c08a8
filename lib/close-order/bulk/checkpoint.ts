/** Keeps the lowest index before which every input is done, while they end in any order. */
export class Checkpoint {
  #low: number;
  readonly #ahead = new Set<number>();

  /** @param from - every input before it is done already */
  constructor(from: number) {
    this.#low = from;
  }

  /** Every input before it is done. */
  get index(): number {
    return this.#low;
  }

  /**
   * What the checkpoint will be once an input is done, too.
   *
   * @param index - of the input
   */
  with(index: number): number {
    if (index !== this.#low) return this.#low;
    let low = index + 1;
    while (this.#ahead.has(low)) low++;
    return low;
  }

  /**
   * Takes note that an input is done.
   *
   * @param index - of the input
   */
  add(index: number): void {
    this.#ahead.add(index);
    while (this.#ahead.delete(this.#low)) this.#low++;
  }
}
