/**
 * Tells an observer something. What it throws is ignored: a counter that fails must not fail an order.
 *
 * @param tell - calls the observer
 * @returns what it returns, or `undefined` where it throws
 */
export function harmlessly<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch {
    return undefined;
  }
}

/** Runs something at once, in surroundings of an observer's own. */
export type Surround = (run: () => void) => void;

/**
 * Runs something within what observers put around it. It runs exactly once, whatever they do, and what it throws is thrown.
 *
 * @param surrounds - the outermost first
 * @param run - what runs
 */
export function within(surrounds: readonly Surround[], run: () => void): void {
  if (surrounds.length === 0) return run();
  let hasRun = false;
  let failure: { readonly error: unknown } | undefined;
  const once = () => {
    if (hasRun) return;
    hasRun = true;
    try {
      run();
    } catch (error) {
      failure = { error };
    }
  };
  const all = surrounds.reduceRight<() => void>((inner, surround) => () => surround(inner), once);
  harmlessly(all);
  once();
  if (failure !== undefined) throw failure.error;
}
