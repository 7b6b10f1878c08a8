/** How long a list is taken for fresh, before jitter. */
const FRESH_MS = 12 * 60 * 60_000;
const JITTER = 0.1;
/** At least so long passes between two refreshes that unknown serials ask for, and after one that failed. */
const GAP_MS = 60_000;

/** When certificates are to be asked for: every 12 hours ± 10 %, and after failures at growing distances, from a minute on. */
export class RefreshPlan {
  #dueAt: number | undefined;
  #heldUntil: number | undefined;
  #failures = 0;

  /** Whether a refresh is due that nobody has to wait for. */
  isDue(now: number): boolean {
    return !isAhead(this.#dueAt, now, FRESH_MS * (1 + JITTER));
  }

  /** Whether the last refresh was so short a time ago that another one has to wait. */
  isHeld(now: number): boolean {
    return isAhead(this.#heldUntil, now, GAP_MS);
  }

  /** Begins the gap: until it is over, unknown serials ask for no further refresh. */
  hold(now: number): void {
    this.#heldUntil = now + GAP_MS;
  }

  /**
   * Plans what comes after a refresh that brought certificates.
   *
   * @param now - in milliseconds
   * @param random - from 0 to below 1
   */
  succeeded(now: number, random: number): void {
    this.#failures = 0;
    this.#dueAt = now + FRESH_MS * (1 - JITTER + 2 * JITTER * random);
  }

  /** Plans what comes after a refresh that brought none. */
  failed(now: number): void {
    this.#dueAt = now + Math.min(GAP_MS * 2 ** this.#failures, FRESH_MS);
    this.#failures++;
  }
}

/** Whether a time is yet to come. One that is further away than it could be was set by a clock that was wrong. */
function isAhead(time: number | undefined, now: number, mostMs: number): boolean {
  return time !== undefined && time > now && time - now <= mostMs;
}
