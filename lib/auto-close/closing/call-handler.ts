import { defer, firstValueFrom, map, type SchedulerLike, timeout } from 'rxjs';

import type { Settlement } from '../settlement.js';
import type { SettlementHandler } from '../settlement.handler.js';

/**
 * Calls the application's handler, with a limit of time.
 *
 * @param handler - the application's
 * @param settlement - what it is told
 * @param signal - aborted when the worker must let go
 * @param limitMs - how long it may take, in milliseconds; then its own signal is aborted, too
 * @param scheduler - the timer runs on it
 * @throws whatever the handler throws, or an error that says that it took too long
 */
export async function callHandler(
  handler: SettlementHandler,
  settlement: Settlement,
  signal: AbortSignal,
  limitMs: number,
  scheduler: SchedulerLike,
): Promise<void> {
  const late = new AbortController();
  const tooLong = () => {
    late.abort();
    throw new Error(`it took longer than ${limitMs} ms (handlerTimeoutMs)`);
  };
  const call = defer(async () => handler.onSettled(settlement, AbortSignal.any([signal, late.signal]))).pipe(
    map(() => undefined),
    timeout({ first: limitMs, scheduler, with: () => defer(tooLong) }),
  );
  await firstValueFrom(call);
}
