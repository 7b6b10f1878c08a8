/**
 * Tells an observer something. What it throws is ignored: a counter that fails must not fail an order.
 *
 * @param tell - calls the observer
 * @returns what it returns, or `undefined` where it throws
 */
export function harmlessly<T>(tell: () => T): T | undefined {
  try {
    const told = tell();
    // A callback may be asynchronous all the same, and a rejection that nobody takes would end the process.
    if (isThenable(told)) Promise.resolve(told).catch(() => {});
    return told;
  } catch {
    return undefined;
  }
}

function isThenable(told: unknown): told is PromiseLike<unknown> {
  return typeof told === 'object' && told !== null && 'then' in told;
}

/** Runs something at once, in surroundings of an observer's own. */
export type Surround = (run: () => void) => void;

/**
 * Runs something within what observers put around it. It runs exactly once, whatever they do, and what it throws is thrown.
 *
 * @param surrounds - the outermost first
 * @param run - what runs
 * @returns what it returns
 */
export function within<T>(surrounds: readonly Surround[], run: () => T): T {
  if (surrounds.length === 0) return run();
  let hasRun = false;
  let end: (() => T) | undefined;
  const once = () => {
    // Before it runs: a surround may run it again from within, or later.
    if (hasRun) return;
    hasRun = true;
    end = endOf(run);
  };
  const all = surrounds.reduceRight<() => void>((inner, surround) => () => harmlessly(() => surround(inner)), once);
  all();
  once();
  if (end === undefined) throw new TypeError('It was asked to run within itself.');
  return end();
}

/** Runs something, and says again and again how it ended. */
function endOf<T>(run: () => T): () => T {
  try {
    const result = run();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
