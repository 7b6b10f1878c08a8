import { AttemptFault } from '../answers/attempt-fault.js';

/**
 * Makes an attempt once more, at once, where it met a kept connection that was dead. It signs afresh, and is not counted:
 * a server that closes an idle connection is no trouble, only bad timing.
 *
 * @param once - makes the attempt
 * @see reliability §7, free retry
 */
export function onceMoreIfStale<T>(once: () => Promise<T>): Promise<T> {
  return once().catch((error: unknown) => {
    if (!(error instanceof AttemptFault && error.isStale)) throw error;
    return once().catch((second: unknown) => {
      throw sentBefore(second);
    });
  });
}

/** The dead connection may have carried the first request all the same. */
function sentBefore(second: unknown): unknown {
  return second instanceof AttemptFault && second.phase === 'notSent'
    ? new AttemptFault('sent', second.reason, second.explanation)
    : second;
}
