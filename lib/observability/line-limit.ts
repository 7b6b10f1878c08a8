const MINUTE_MS = 60_000;
/** Of so many kinds at most is kept count; the one that began the longest ago goes first. */
const MOST_KINDS = 1_000;

interface Count {
  readonly since: number;
  written: number;
  held: number;
}

/** Keeps lines of one kind from flooding the log: so many a minute, and the next one after that tells how many were held back. */
export class LineLimit {
  readonly #counts = new Map<string, Count>();

  /**
   * Asks for a line.
   *
   * @param kind - of the line
   * @param perMinute - how many of the kind are written in a minute
   * @param now - in milliseconds
   * @returns how many were held back before it, or `undefined` where this one is held back
   */
  ask(kind: string, perMinute: number, now: number): number | undefined {
    const count = this.#counts.get(kind);
    const isCurrent = count !== undefined && now >= count.since && now - count.since < MINUTE_MS;
    if (!isCurrent) {
      this.#begin(kind, now);
      return count?.held ?? 0;
    }
    if (count.written >= perMinute) {
      count.held++;
      return undefined;
    }
    count.written++;
    return 0;
  }

  #begin(kind: string, now: number): void {
    this.#counts.delete(kind);
    this.#counts.set(kind, { since: now, written: 1, held: 0 });
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= MOST_KINDS) return;
      this.#counts.delete(oldest);
    }
  }
}
