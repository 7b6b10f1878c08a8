import { catchError, type MonoTypeOperatorFunction, throwError } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';

/**
 * Makes an attempt once more, at once, where it met a kept connection that was dead. It signs afresh, and is not counted:
 * a server that closes an idle connection is no trouble, only bad timing.
 *
 * @see reliability §7, free retry
 */
export function onceMoreIfStale<T>(): MonoTypeOperatorFunction<T> {
  return (attempt) =>
    attempt.pipe(
      catchError((error: unknown) =>
        error instanceof AttemptFault && error.isStale
          ? attempt.pipe(catchError((second: unknown) => throwError(() => sentBefore(second))))
          : throwError(() => error),
      ),
    );
}

/** The dead connection may have carried the first request all the same. */
function sentBefore(second: unknown): unknown {
  return second instanceof AttemptFault && second.phase === 'notSent'
    ? new AttemptFault('sent', second.reason, second.explanation)
    : second;
}
