/** How long a rate takes from 0 to its ceiling, in milliseconds. */
const RECOVERY_MS = 60_000;
/** Refusals so soon after a cut are of requests that were sent before it. */
const DEAF_MS = 1_000;
/** A rate is not cut below this, in closes a second, lest it never learns that it may grow. */
const FLOOR = 1;

/** A rate that grows by itself. */
export interface Rate {
  /** Closes a second at the time of the last cut. */
  readonly perSecond: number;
  /** When that was, in milliseconds. */
  readonly since: number;
}

/**
 * What a rate has grown to: linearly, up to its ceiling.
 *
 * @param rate - as it was cut
 * @param ceiling - the most, in closes a second
 * @param now - in milliseconds
 */
export function grown({ perSecond, since }: Rate, ceiling: number, now: number): number {
  return Math.min(ceiling, perSecond + (ceiling * Math.max(0, now - since)) / RECOVERY_MS);
}

/**
 * Halves a rate since WeChat Pay finds requests too frequent. Together with {@link grown} this is what keeps TCP at a limit that nobody
 * tells (additive increase, multiplicative decrease).
 *
 * @param rate - so far
 * @param ceiling - the most, in closes a second
 * @param used - how many closes were begun in the last second, which may be far less than were allowed
 * @param now - in milliseconds
 * @see protocol §7: the limit on closes is not published
 */
export function cut(rate: Rate, ceiling: number, used: number, now: number): Rate {
  if (now - rate.since < DEAF_MS && rate.since <= now) return rate;
  const base = Math.min(grown(rate, ceiling, now), Math.max(used, FLOOR));
  return { perSecond: Math.max(Math.min(FLOOR, ceiling), base / 2), since: now };
}

/** A rate that was never cut. */
export function uncut(ceiling: number): Rate {
  return { perSecond: ceiling, since: Number.NEGATIVE_INFINITY };
}
