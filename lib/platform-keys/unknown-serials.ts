const LIFETIME_MS = 5 * 60_000;
const MOST_SERIALS = 100;

/** Remembers for five minutes which serials a fresh list did not hold, a hundred of them at most. */
export class UnknownSerials {
  /** When each was noted, oldest first. */
  readonly #notedAt = new Map<string, number>();

  /**
   * Notes a serial that a fresh list did not hold.
   *
   * @param serial - as the reply names it
   * @param now - in milliseconds
   */
  add(serial: string, now: number): void {
    this.#notedAt.delete(serial);
    this.#notedAt.set(serial, now);
    for (const oldest of this.#notedAt.keys()) {
      if (this.#notedAt.size <= MOST_SERIALS) return;
      this.#notedAt.delete(oldest);
    }
  }

  /**
   * Whether a serial was noted in the last five minutes.
   *
   * @param serial - as the reply names it
   * @param now - in milliseconds
   */
  has(serial: string, now: number): boolean {
    const age = now - (this.#notedAt.get(serial) ?? -Infinity);
    // A clock that was set back must not keep a serial unknown for long.
    return age >= 0 && age < LIFETIME_MS;
  }
}
