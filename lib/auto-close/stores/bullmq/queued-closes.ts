import { randomUUID } from 'node:crypto';

import { isCancellable } from '../../scheduling/cancellable.js';
import type { CloseJob } from '../../scheduling/close-job.js';
import type { CloseState, ScheduleResult, SchedulerStats, StoredClose } from '../../scheduling/close-scheduler.js';
import { type CloseData, dataOf, storedOf } from './close-record.js';
import type { CloseQueue, QueuedClose } from './close-queue.js';
import { overdueOf } from './overdue.js';
import { LEAST_DELAY_MS } from './verdict-errors.js';

/** BullMQ counts attempts up to a limit. Here auto-close itself says when to give up, so this one is never reached. */
const MOST_ATTEMPTS = 1_000_000_000;
/** How long a job that is about to be removed is kept from the workers. If the process dies in between, it goes on then. */
const HOLD_MS = 60_000;
/** How often a job is looked at again that changed meanwhile. */
const MOST_LOOKS = 5;

const STATES: Readonly<Record<string, CloseState>> = {
  completed: 'settled',
  failed: 'givenUp',
  active: 'running',
};

/** BullMQ counts again from one. */
const AFRESH = { resetAttemptsMade: true, resetAttemptsStarted: true } as const;

interface Found {
  readonly queued: QueuedClose;
  readonly stored: StoredClose;
  /** What BullMQ calls its state. */
  readonly state: string;
}

/** What is done with the jobs of a queue from outside its workers. Times are in milliseconds since 1970. */
export class QueuedCloses {
  constructor(
    private readonly queue: CloseQueue,
    private readonly keepSettledForMs: number,
  ) {}

  async add(job: CloseJob, now: number): Promise<ScheduleResult> {
    const data: CloseData = { job, nonce: randomUUID() };
    await this.queue.add(job.variant, data, {
      jobId: job.id,
      timestamp: now,
      delay: Math.max(LEAST_DELAY_MS, job.closeAt - now),
      attempts: MOST_ATTEMPTS,
      backoff: { type: 'custom' },
      removeOnComplete: { age: Math.ceil(this.keepSettledForMs / 1_000) },
      removeOnFail: false,
      stackTraceLimit: 0,
    });
    const queued = await this.queue.getJob(job.id);
    // Where it is gone again, it was cancelled meanwhile.
    if (queued === undefined) return { isNew: true, stored: waiting(job) };
    const isNew = dataOf(queued).nonce === data.nonce || (await this.#anew(data, now));
    return { isNew, stored: isNew ? waiting(job) : ((await this.find(job.id)) ?? waiting(job)) };
  }

  async find(id: string): Promise<StoredClose | undefined> {
    return (await this.#look(id))?.stored;
  }

  /**
   * Removes a job that may be cancelled. BullMQ would remove one of any state, so a job that is delayed is first held, which works
   * only as long as no worker has it, and then looked at again. One in the workers' hands is as good as running.
   */
  async cancel(id: string, now: () => number): Promise<StoredClose | undefined> {
    for (let looks = 1; ; looks++) {
      // oxlint-disable-next-line no-await-in-loop -- each look depends on the one before
      const found = await this.#look(id);
      if (found === undefined || !isCancellable(found.stored)) return found?.stored;
      if (found.state === 'wait' || looks > MOST_LOOKS) return { ...found.stored, state: 'running' };
      // oxlint-disable-next-line no-await-in-loop
      if (await this.#remove(found, now)) return found.stored;
    }
  }

  /** Makes a job due now. */
  async bringForward(id: string, now: number): Promise<StoredClose | undefined> {
    for (let looks = 1; ; looks++) {
      // oxlint-disable-next-line no-await-in-loop -- each look depends on the one before
      const found = await this.#look(id);
      // oxlint-disable-next-line no-await-in-loop
      if (found === undefined || looks > MOST_LOOKS || (await this.#hurry(found, now))) return found?.stored;
    }
  }

  async stats(now: number): Promise<SchedulerStats> {
    const counts = await this.queue.getJobCounts('delayed', 'wait', 'active', 'completed', 'failed');
    const { delayed = 0, waiting: inHands = 0, wait = inHands, active = 0, completed = 0, failed = 0 } = counts;
    const overdue = await overdueOf(this.queue, { delayed, wait }, now);
    return {
      waiting: delayed + wait,
      due: overdue.count,
      running: active,
      settled: completed,
      givenUp: failed,
      oldestOverdueMs: overdue.oldest === undefined ? 0 : now - overdue.oldest,
    };
  }

  async #look(id: string): Promise<Found | undefined> {
    for (let looks = 1; ; looks++) {
      // oxlint-disable-next-line no-await-in-loop -- a job may finish between the two questions
      const queued = await this.queue.getJob(id);
      if (queued === undefined) return undefined;
      // oxlint-disable-next-line no-await-in-loop
      const said = await queued.getState();
      const state = said === 'waiting' || said === 'prioritized' ? 'wait' : said;
      const isFinished = state === 'completed' || state === 'failed';
      const isWhole = isFinished === Boolean(queued.finishedOn) && state !== 'unknown';
      if (isWhole || looks > MOST_LOOKS) {
        return { queued, state, stored: storedOf(queued, STATES[state] ?? 'waiting') };
      }
    }
  }

  /** Begins afresh with an order that was not found: it is placed only now. */
  async #anew(data: CloseData, now: number): Promise<boolean> {
    const found = await this.#look(data.job.id);
    if (found?.stored.settlement?.state !== 'NOT_FOUND') return false;
    const { queued, state } = found;
    if (state !== 'completed' && state !== 'delayed') return false;
    await queued.updateData({ ...data, freshAt: now });
    return isDone(
      state === 'completed'
        ? queued.retry('completed', AFRESH)
        : queued.changeDelay(Math.max(LEAST_DELAY_MS, data.job.closeAt - now)),
    );
  }

  async #remove({ queued, stored, state }: Found, now: () => number): Promise<boolean> {
    const { id } = stored.job;
    if (state === 'delayed') {
      const heldAt = now();
      const remaining = stored.dueAt - heldAt;
      if (!(await isDone(queued.changeDelay(Math.max(HOLD_MS, remaining))))) return false;
      // In PostgreSQL a worker may have taken it while its delay was changed; once it is seen delayed now, none will.
      const held = await this.#look(id);
      if (held?.state !== 'delayed') return false;
      if (!isCancellable(held.stored)) {
        await isDone(queued.changeDelay(Math.max(LEAST_DELAY_MS, held.stored.dueAt - heldAt)));
        return false;
      }
      if (now() - heldAt > HOLD_MS / 2) return false;
    }
    return (await this.queue.remove(id)) > 0;
  }

  async #hurry({ queued, stored, state }: Found, now: number): Promise<boolean> {
    if (state === 'failed') {
      const { job, nonce } = dataOf(queued);
      await queued.updateData({ job, nonce, hurriedAt: now, since: now });
      return isDone(queued.retry('failed', AFRESH));
    }
    if (state !== 'delayed' || stored.dueAt <= now) return true;
    await queued.updateData({ ...dataOf(queued), hurriedAt: now });
    return isDone(queued.changeDelay(LEAST_DELAY_MS));
  }
}

function waiting(job: CloseJob): StoredClose {
  return { job, state: 'waiting', dueAt: job.closeAt, attempts: 0 };
}

/** Whether BullMQ did it, or the job is not in the state for it any more. */
async function isDone(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === -1 || code === -3) return false;
    throw error;
  }
}
