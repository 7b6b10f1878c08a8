const FACTOR = Number(process.env['FAST_CHECK_RUNS'] ?? 1);
if (!(FACTOR > 0)) throw new Error('FAST_CHECK_RUNS must be a number above 0: how many times the usual runs are made.');

/**
 * How many runs a property gets: the usual number, times `FAST_CHECK_RUNS` where that is set.
 *
 * @param usual - on a normal day
 */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: Math.max(1, Math.ceil(usual * FACTOR)) };
}

/** How long a property may take, in milliseconds. It is there to end a hang, not to measure. */
export const PATIENCE_MS = 60_000 * Math.max(1, FACTOR);
