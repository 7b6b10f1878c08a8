import { setImmediate as imported } from 'node:timers';

/**
 * Runs something once at the end of this turn of the event loop. What waits for no time must not wait for the clock that a test may have put
 * in the place of Node's timers. Such a clock is either the global one or the one that was imported, depending on which came first; Node's
 * own is the other.
 *
 * @param run - what runs
 */
export function whenTurnEnds(run: () => void): void {
  if (globalThis.setImmediate === imported) {
    imported(run);
    return;
  }
  let hasRun = false;
  const once = () => {
    if (hasRun) return;
    hasRun = true;
    run();
  };
  imported(once);
  // Absent where tests run in a browser's environment, such as jsdom.
  if (typeof globalThis.setImmediate === 'function') globalThis.setImmediate(once);
}
