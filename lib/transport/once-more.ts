import { AttemptFault } from '../answers/attempt-fault.js';

/**
 * Whether an attempt met a kept connection that was dead. Then it is made once more, at once: it signs afresh, and is not counted,
 * since a server that closes an idle connection is no trouble, only bad timing.
 *
 * @param error - that it ended in
 * @see reliability §7, free retry
 */
export function metDeadConnection(error: unknown): boolean {
  return error instanceof AttemptFault && error.isStale;
}

/**
 * What an attempt ends in that was made once more. The dead connection may have carried the first request all the same.
 *
 * @param error - that it ended in the second time
 */
export function maybeSent(error: unknown): unknown {
  return error instanceof AttemptFault && error.phase === 'notSent'
    ? new AttemptFault('sent', error.reason, error.explanation)
    : error;
}
