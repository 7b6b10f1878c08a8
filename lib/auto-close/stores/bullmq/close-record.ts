import type { CloseJob } from '../../scheduling/close-job.js';
import type { CloseState, StoredClose } from '../../scheduling/close-scheduler.js';
import type { ClaimedClose } from '../../scheduling/close-work.js';
import { readJob, readSettlement } from '../../scheduling/job-json.js';
import type { Settlement } from '../../settlement.js';
import type { QueuedClose } from './close-queue.js';

/** What a job of BullMQ carries from the beginning. */
export interface CloseData {
  readonly job: CloseJob;
  /** Which call of `schedule` made it: BullMQ does not say whether an id was new. */
  readonly nonce: string;
  /** When it was brought forward, in milliseconds since 1970. */
  readonly hurriedAt?: number;
  /** Since when it is tried, where that is not its `closeAt`. */
  readonly since?: number;
  /** When it was scheduled anew, since its order had not been found. What was reported until then says nothing of it. */
  readonly freshAt?: number;
}

/**
 * What an attempt came to. BullMQ keeps it as the job's return value or as the reason of its failure, which it writes in the
 * same step as the job's new state, and only for the worker that has the job.
 */
export interface Report {
  readonly attempts: number;
  /** When it was written. */
  readonly at: number;
  /** Since when it is tried. */
  readonly since?: number;
  /** When the next attempt is due. */
  readonly dueAt?: number;
  readonly because?: string;
  readonly settlement?: Settlement;
}

/** From how much lateness on nobody looked: the time until then is no time of trying. */
const AWAY_MS = 60_000;

/**
 * What a worker was given, as the port tells it.
 *
 * @param queued - the job
 * @param now - what was due is due by now
 */
export function claimedOf(queued: QueuedClose, now: number): ClaimedClose {
  const data = dataOf(queued);
  const report = reportOf(queued, data);
  const since = data.since ?? data.job.closeAt;
  return {
    job: data.job,
    attempt: report.attempts + 1,
    since: report.since ?? (now - since > AWAY_MS ? now : since),
    dueAt: Math.min(now, dueAtOf(data, report, queued)),
    ...(report.settlement !== undefined && { settlement: report.settlement }),
  };
}

/**
 * How long one that was scheduled anew has yet to wait, in milliseconds: BullMQ gives it to a worker at once.
 *
 * @param queued - the job
 * @param now - in milliseconds since 1970
 */
export function earlyBy(queued: QueuedClose, now: number): number {
  const data = dataOf(queued);
  return data.freshAt === undefined ? 0 : Math.max(0, dueAtOf(data, reportOf(queued, data), queued) - now);
}

/**
 * A job as the port tells it.
 *
 * @param queued - the job
 * @param state - what BullMQ says of it; what is finished tells it by itself
 */
export function storedOf(queued: QueuedClose, state: CloseState): StoredClose {
  const data = dataOf(queued);
  const report = reportOf(queued, data);
  const settlement = report.settlement ?? (state === 'givenUp' ? abandoned(data, queued) : undefined);
  return {
    job: data.job,
    state,
    dueAt: dueAtOf(data, report, queued),
    attempts: report.attempts,
    ...(settlement !== undefined && { settlement }),
  };
}

/** What a job carries. */
export function dataOf({ data }: QueuedClose): CloseData {
  const { job, nonce, hurriedAt, since, freshAt }: Record<string, unknown> = { ...(isObject(data) ? data : {}) };
  return {
    job: readJob(JSON.stringify(job) ?? ''),
    nonce: String(nonce),
    ...(typeof hurriedAt === 'number' && { hurriedAt }),
    ...(typeof since === 'number' && { since }),
    ...(typeof freshAt === 'number' && { freshAt }),
  };
}

function dueAtOf({ job, hurriedAt }: CloseData, report: Report, { processedOn }: QueuedClose): number {
  const dueAt = report.dueAt ?? (report.attempts > 0 ? Math.max(job.closeAt, processedOn ?? 0) : job.closeAt);
  return hurriedAt !== undefined && hurriedAt >= report.at ? Math.min(dueAt, hurriedAt) : dueAt;
}

/** What the last attempt came to. What BullMQ itself put there, such as an error of the engine's, says nothing. */
function reportOf(
  { failedReason, returnvalue, attemptsMade, finishedOn }: QueuedClose,
  { freshAt }: Pick<CloseData, 'freshAt'>,
): Report {
  const kept = finishedOn && isObject(returnvalue) ? returnvalue : parsed(failedReason);
  const { attempts, at, since, dueAt, settlement }: Record<string, unknown> = { ...kept };
  if (typeof attempts !== 'number' || typeof at !== 'number')
    return { attempts: freshAt === undefined ? attemptsMade : 0, at: 0 };
  if (freshAt !== undefined && at <= freshAt) return { attempts: 0, at: 0 };
  return {
    attempts,
    at,
    ...(typeof since === 'number' && { since }),
    ...(typeof dueAt === 'number' && { dueAt }),
    ...(settlement !== undefined && { settlement: readSettlement(JSON.stringify(settlement)) }),
  };
}

/** BullMQ held it without a word of ours. */
function abandoned({ job }: CloseData, { failedReason, finishedOn, attemptsMade }: QueuedClose): Settlement {
  return {
    variant: job.variant,
    order: job.order,
    settledAt: new Date(finishedOn ?? job.closeAt).toISOString(),
    attempts: attemptsMade,
    state: 'GIVEN_UP',
    reason: 'unsettled',
    message: failedReason ?? 'BullMQ gave the job up.',
  };
}

function parsed(text: string | null | undefined): object {
  if (typeof text !== 'string' || !text.startsWith('{')) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
