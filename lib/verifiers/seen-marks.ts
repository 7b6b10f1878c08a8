/**
 * Marks that were seen. They are kept in two halves, and the older half is let go as a whole when the younger one is full or old: a
 * mark is remembered until so many others have come after it or so much time has passed, and for no longer than twice that. To
 * keep the time and the place of each would cost several times as much.
 */
export class SeenMarks {
  #younger = new Set<string>();
  #older = new Set<string>();
  #begunAt = -Infinity;

  /**
   * @param fewest - how many of the latest are remembered at least; twice as many at most
   * @param lifetimeMs - for how long at least, in milliseconds
   */
  constructor(
    private readonly fewest: number,
    private readonly lifetimeMs: number,
  ) {}

  /**
   * Notes a mark.
   *
   * @param mark - that was seen
   * @param now - in milliseconds
   * @returns whether it is not remembered
   */
  isNew(mark: string, now: number): boolean {
    // Where the clock was set back, time is counted from there: nothing is forgotten too early, nor kept for much longer.
    if (now < this.#begunAt) this.#begunAt = now;
    const age = now - this.#begunAt;
    if (this.#younger.size >= this.fewest || age >= this.lifetimeMs) this.#turn(now, age);
    if (this.#older.has(mark)) return false;
    const before = this.#younger.size;
    return this.#younger.add(mark).size > before;
  }

  #turn(now: number, age: number): void {
    this.#older = age < 2 * this.lifetimeMs ? this.#younger : new Set();
    this.#younger = new Set();
    this.#begunAt = now;
  }
}
