import type { StoredClose } from './close-scheduler.js';

/**
 * Whether a close may be taken out of the store: it waits and nothing is known of its order, or it was given up.
 *
 * @param stored - as the store has it
 */
export function isCancellable({ state, settlement }: Pick<StoredClose, 'state' | 'settlement'>): boolean {
  return state === 'givenUp' || (state === 'waiting' && settlement === undefined);
}
