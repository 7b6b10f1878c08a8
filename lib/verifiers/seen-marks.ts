/** Marks that were seen, up to a number and an age. */
export class SeenMarks {
  /** When each was seen. */
  readonly #seen = new Map<string, number>();
  /** In the order in which they were seen, in a ring that begins at the oldest. */
  readonly #ring: string[] = [];
  #oldest = 0;

  /**
   * @param most - how many are kept
   * @param lifetimeMs - for how long, in milliseconds
   */
  constructor(
    private readonly most: number,
    private readonly lifetimeMs: number,
  ) {}

  /**
   * Notes a mark.
   *
   * @param mark - that was seen
   * @param now - in milliseconds
   * @returns whether it had not been seen before
   */
  isNew(mark: string, now: number): boolean {
    this.#forget(now);
    if (this.#seen.has(mark)) return false;
    this.#ring[(this.#oldest + this.#seen.size) % this.most] = mark;
    this.#seen.set(mark, now);
    return true;
  }

  #forget(now: number): void {
    while (this.#seen.size > 0) {
      const mark = this.#ring[this.#oldest] ?? '';
      const seenAt = this.#seen.get(mark) ?? -Infinity;
      if (now - seenAt < this.lifetimeMs && this.#seen.size < this.most) return;
      this.#seen.delete(mark);
      this.#ring[this.#oldest] = '';
      this.#oldest = (this.#oldest + 1) % this.most;
    }
  }
}
