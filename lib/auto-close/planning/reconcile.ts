import { Logger } from '@nestjs/common';
import { isObservable, lastValueFrom, mergeMap, type Observable } from 'rxjs';

import { InvalidRequestError } from '../../errors/invalid-request.error.js';
import { InvalidScheduleError } from '../errors/invalid-schedule.error.js';
import type { Reconciliation } from '../schedule-close.js';

/** Where pending orders come from. */
export type PendingSource<T> = Iterable<T> | AsyncIterable<T> | Observable<T>;

/** How many orders of an Observable are scheduled at once. */
const AT_ONCE = 16;

/**
 * Goes through pending orders one by one.
 *
 * @param source - the orders
 * @param one - schedules one, and tells what it was
 * @throws what the source throws, and what `one` throws but for an order that does not hold
 */
export async function reconcileAll<T>(
  source: PendingSource<T>,
  one: (pending: T) => Promise<keyof Reconciliation>,
): Promise<Reconciliation> {
  const logger = new Logger('AutoClose');
  const counts = { scheduled: 0, present: 0, tried: 0, settled: 0, invalid: 0 };
  const next = async (pending: T): Promise<void> => {
    try {
      counts[await one(pending)]++;
    } catch (error) {
      if (!(error instanceof InvalidScheduleError) && !(error instanceof InvalidRequestError)) throw error;
      counts.invalid++;
      logger.error(`A pending order cannot be scheduled, so nobody closes it: ${error.message}`);
    }
  };
  if (isObservable(source)) {
    await lastValueFrom(source.pipe(mergeMap(next, AT_ONCE)), { defaultValue: undefined });
  } else {
    // oxlint-disable-next-line no-await-in-loop -- a source of many orders is not read faster than the store takes them
    for await (const pending of source) await next(pending);
  }
  return counts;
}
