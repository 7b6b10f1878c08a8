import { storedOf } from './close-record.js';
import type { CloseQueue } from './close-queue.js';

/** What is overdue. */
export interface Overdue {
  readonly count: number;
  /** Since when the oldest is due, in milliseconds since 1970. */
  readonly oldest?: number;
}

/**
 * Finds what is due and in nobody's hands. Jobs that are delayed stand in the order in which they are due, so a search by halves
 * counts those that are due with few questions, however many there are.
 *
 * @param queue - which
 * @param delayed - how many are delayed
 * @param waiting - how many wait in the workers' hands: all are due
 * @param now - in milliseconds since 1970
 */
export async function overdueOf(
  queue: CloseQueue,
  { delayed, wait }: { readonly delayed: number; readonly wait: number },
  now: number,
): Promise<Overdue> {
  const dueAt = async (state: 'delayed' | 'wait', index: number): Promise<number | undefined> => {
    const [queued] = await queue.getJobs([state], index, index, true);
    try {
      // One that was cancelled or taken meanwhile leaves nothing.
      return queued && storedOf(queued, 'waiting').dueAt;
    } catch {
      // One that cannot be read does not count: a worker reports it.
      return undefined;
    }
  };
  const isDue = async (index: number) => ((await dueAt('delayed', index)) ?? Infinity) <= now;
  const [first, taken] = await Promise.all([
    delayed > 0 ? dueAt('delayed', 0) : undefined,
    wait > 0 ? dueAt('wait', 0) : undefined,
  ]);
  let count = 0;
  if (first !== undefined && first <= now) {
    let [due, later] = [0, delayed];
    while (later - due > 1) {
      const middle = Math.floor((due + later) / 2);
      // oxlint-disable-next-line no-await-in-loop -- each question depends on the answer before
      if (await isDue(middle)) due = middle;
      else later = middle;
    }
    count = due + 1;
  }
  const times = [first, taken].filter((time) => time !== undefined && time <= now);
  const oldest = times.length === 0 ? undefined : Math.min(...times.map(Number));
  return { count: count + wait, ...(oldest !== undefined && { oldest }) };
}
