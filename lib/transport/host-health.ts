const STRAIGHT_LIMIT = 5;
const WINDOW_MS = 30_000;
const FEWEST_ATTEMPTS = 20;
const SLICE_MS = 1_000;

/** How an attempt went for its host: it answered, it could not be reached, or it was reached and failed. */
export type HostReport = 'answered' | 'unreachable' | 'failed';

/**
 * Whether a host is in trouble: 5 connections in a row failed, or more than half of at least 20 attempts within 30 s did.
 *
 * @see reliability §7, host switch
 */
export class HostHealth {
  #straight = 0;
  /** Attempts by the second they ended in, oldest first. */
  readonly #slices = new Map<number, { attempts: number; failures: number }>();

  /**
   * Notes how an attempt went.
   *
   * @param report - of the attempt
   * @param now - in milliseconds
   */
  note(report: HostReport, now: number): void {
    if (report === 'unreachable') this.#straight++;
    else this.#straight = 0;
    this.#forget(now);
    const key = Math.floor(now / SLICE_MS);
    const slice = this.#slices.get(key) ?? { attempts: 0, failures: 0 };
    slice.attempts++;
    if (report !== 'answered') slice.failures++;
    this.#slices.set(key, slice);
  }

  /** Whether the host is in trouble at a time, in milliseconds. */
  isInTrouble(now: number): boolean {
    this.#forget(now);
    let [attempts, failures] = [0, 0];
    for (const slice of this.#slices.values()) {
      attempts += slice.attempts;
      failures += slice.failures;
    }
    return this.#straight >= STRAIGHT_LIMIT || (attempts >= FEWEST_ATTEMPTS && failures > attempts / 2);
  }

  /** Begins anew. */
  clear(): void {
    this.#straight = 0;
    this.#slices.clear();
  }

  #forget(now: number): void {
    for (const key of this.#slices.keys()) {
      const age = now - key * SLICE_MS;
      // A clock that was set back leaves slices of the future.
      if (age >= WINDOW_MS || age < 0) this.#slices.delete(key);
    }
  }
}
