import { asyncScheduler, type SchedulerLike, type Unsubscribable } from 'rxjs';

/**
 * Runs something later. Where the scheduler is RxJS' own of real time, the timer stands alone, without the objects that the scheduler
 * puts around each: a call sets two of them and needs none.
 *
 * @param scheduler - tells time
 * @param ms - when, in milliseconds from now
 * @param run - what runs
 * @returns takes it back
 */
export function later(scheduler: SchedulerLike, ms: number, run: () => void): Unsubscribable {
  if (scheduler !== asyncScheduler) return scheduler.schedule(run, ms);
  const timer = setTimeout(run, ms);
  return { unsubscribe: () => clearTimeout(timer) };
}

/**
 * Milliseconds since some moment, to measure how long something takes: setting the machine's clock does not change it.
 *
 * @param scheduler - tells time
 */
export function stopwatch(scheduler: SchedulerLike): number {
  return scheduler === asyncScheduler ? performance.now() : scheduler.now();
}
