import { firstValueFrom, from, map, race, type SchedulerLike, timer } from 'rxjs';

/**
 * Waits for something, but not too long. No timer is left behind.
 *
 * @param work - never rejects
 * @param ms - how long
 * @param scheduler - the timer runs on it
 * @returns whether it ended in time
 */
export function within(work: Promise<unknown>, ms: number, scheduler: SchedulerLike): Promise<boolean> {
  const ended = from(work).pipe(map(() => true));
  const late = timer(ms, scheduler).pipe(map(() => false));
  return firstValueFrom(race(ended, late));
}
