/**
 * How long to wait before the next attempt: doubled each time up to a cap, half of it fixed and half of it chance, so that
 * orders that failed together do not come back together.
 *
 * @param attempt - 1 after the first
 * @param limits - in milliseconds
 * @param random - from 0 to below 1
 */
export function pauseAfter(
  attempt: number,
  { baseMs, maxMs }: { readonly baseMs: number; readonly maxMs: number },
  random: number,
): number {
  const most = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.ceil(most / 2 + (random * most) / 2);
}
