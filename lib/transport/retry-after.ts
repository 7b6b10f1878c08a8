/**
 * Reads a `Retry-After` header: seconds or an HTTP date.
 *
 * @param text - as it came
 * @param now - in milliseconds
 * @returns milliseconds from now, or `undefined` where it says nothing usable
 */
export function retryAfterMs(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN;
  return at > now ? at - now : undefined;
}
