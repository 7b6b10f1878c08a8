import type { DoubtReason } from '../answers/doubt.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';

/** How retries are spaced. Times are in milliseconds. */
export interface RetrySettings {
  /** How many attempts there are at most, the first one included. */
  readonly attempts: number;
  /** The most that the first retry waits; doubled for each further one. */
  readonly baseMs: number;
  /** The most that any retry waits. */
  readonly maxMs: number;
}

/** A `Retry-After` beyond this is not waited for. */
const LONGEST_WISH_MS = 5_000;

/** After a throttled answer, waits start from here. */
const THROTTLED_BASE_MS = 1_000;

/** What may be repeated: closing twice does no harm. A reply that cannot be verified is not among it. */
const REPEATABLE: ReadonlySet<DoubtReason> = new Set<DoubtReason>([
  'connect',
  'reset',
  'timeout',
  'protocol',
  'serverError',
  'rateLimited',
]);

/**
 * Whether an attempt failed because of the network or the host, so that trying again adds to their load.
 *
 * @param error - what the attempt ended in
 */
export function isHostTrouble(error: unknown): error is OutcomeUnknownError {
  return error instanceof OutcomeUnknownError && REPEATABLE.has(error.reason);
}

/**
 * Whether and when to try again: exponential back-off with full jitter.
 *
 * @param error - what the last attempt ended in
 * @param attempts - how many there were
 * @param settings - the limits
 * @param random - from 0 to below 1
 * @returns how long to wait, in milliseconds, or `undefined` to give up
 * @see reliability §2.1, §2.2 and §7
 */
export function retryDelay(
  error: unknown,
  attempts: number,
  settings: RetrySettings,
  random: number,
): number | undefined {
  if (!isHostTrouble(error)) return undefined;
  if (attempts >= settings.attempts) return undefined;
  const base = error.reason === 'rateLimited' ? Math.max(THROTTLED_BASE_MS, settings.baseMs) : settings.baseMs;
  const own = backOff(base, Math.max(settings.maxMs, base), attempts, random);
  // The server's wish counts, within reason: never sooner than our own back-off, never later than 5 s.
  return Math.max(own, Math.min(error.retryAfterMs ?? 0, LONGEST_WISH_MS));
}

/**
 * Exponential back-off with full jitter.
 *
 * @param baseMs - the most that the first wait takes
 * @param maxMs - the most that any takes
 * @param waits - 1 for the first one
 * @param random - from 0 to below 1
 */
export function backOff(baseMs: number, maxMs: number, waits: number, random: number): number {
  return Math.floor(random * Math.min(maxMs, baseMs * 2 ** (waits - 1)));
}
