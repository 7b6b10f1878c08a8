import { lastValueFrom, type Observable } from 'rxjs';

import { type DoubtPhase, type DoubtReason, OutcomeUnknownError } from '../../index.js';
import { demand } from '../demand.js';
import { ending } from '../patience.js';

/**
 * Makes sure that a call ends closed.
 *
 * @param call - the call
 * @param otherwise - what it means if it does not
 */
export async function demandClosed(call: Observable<unknown>, otherwise: string): Promise<void> {
  const ended = await ending(lastValueFrom(call), 'The close');
  if ('error' in ended) demand(false, `The order was not closed: ${otherwise}`, ended.error);
}

/**
 * Makes sure that a call ends in doubt, for the right reason.
 *
 * @param call - the call
 * @param phase - how far it must have come
 * @param reason - what must have gone wrong
 * @returns the error
 */
export async function demandDoubt(
  call: Observable<unknown>,
  phase: DoubtPhase,
  reason: DoubtReason,
): Promise<OutcomeUnknownError> {
  const ended = await ending<unknown>(lastValueFrom(call), 'The close');
  demand('error' in ended, 'The order was reported closed; the call had to end in OutcomeUnknownError.');
  const { error } = ended;
  demand(error instanceof OutcomeUnknownError, 'The call did not end in OutcomeUnknownError.', error);
  demand(
    error.phase === phase && error.reason === reason,
    `The call ended in doubt with the phase ${error.phase} and the reason ${error.reason}, not ${phase} and ${reason}.`,
    error,
  );
  return error;
}
