import { setImmediate, setTimeout } from 'node:timers/promises';

import { demand } from './demand.js';

/** How long a signer or verifier may take for an answer, or to stop. Most test runners end a test after 5 s. */
export const PATIENCE_MS = 2_500;

/** What became of a promise. */
export type Ending<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Waits for a promise, but not for ever.
 *
 * @param promise - a value is taken for one that is fulfilled
 * @param what - what should end, to say that it did not
 * @throws Error if it is still open after {@link PATIENCE_MS}
 */
export async function ending<T>(promise: T | Promise<T>, what: string): Promise<Ending<T>> {
  const late = new AbortController();
  const settled = Promise.resolve(promise).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const limit = setTimeout(PATIENCE_MS, undefined, { signal: late.signal, ref: false }).catch(() => undefined);
  const first = await Promise.race([settled, limit]);
  late.abort();
  demand(first !== undefined, `${what} did not end within ${PATIENCE_MS} ms.`);
  return first;
}

/** Lets everything that is ready happen, so that what comes late shows. */
export async function turns(): Promise<void> {
  await setImmediate();
  await setTimeout(20);
  await setImmediate();
}

/**
 * Waits until something is so.
 *
 * @param isSo - asked every few milliseconds
 * @param otherwise - what to say if it is not so after {@link PATIENCE_MS}
 * @throws Error with that
 */
export async function until(isSo: () => boolean, otherwise: string): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    demand(performance.now() < giveUp, otherwise);
    // oxlint-disable-next-line no-await-in-loop -- one look after the other is the point
    await setTimeout(2);
  }
}
