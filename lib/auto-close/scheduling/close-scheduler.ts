import type { Settlement } from '../settlement.js';
import type { CloseJob } from './close-job.js';
import type { CloseWork } from './close-work.js';

/**
 * How far a scheduled close has come.
 *
 * - `waiting`: for its time, for its next attempt, or for the handler to take its settlement.
 * - `running`: a worker has it.
 * - `settled`: recorded, and taken by the handler.
 * - `givenUp`: recorded and taken, too, but nothing is known of the order; it is held.
 */
export type CloseState = 'waiting' | 'running' | 'settled' | 'givenUp';

/** A close as the store has it. */
export interface StoredClose {
  readonly job: CloseJob;
  readonly state: CloseState;
  /** When it is tried next, in milliseconds since 1970; of one that is recorded, when it was tried last. */
  readonly dueAt: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** What became of the order, once it is known: also where the handler has not taken it yet. */
  readonly settlement?: Settlement;
}

/** What scheduling came to. */
export interface ScheduleResult {
  /** Whether it was not there before. */
  readonly isNew: boolean;
  /** What the store has under this id now. */
  readonly stored: StoredClose;
}

/** How many closes there are of which kind. */
export interface SchedulerStats {
  /** Waiting, due ones included. */
  readonly waiting: number;
  /** Those among `waiting` that are due and that no worker has. */
  readonly due: number;
  readonly running: number;
  /** Recorded, and kept for `keepSettledForMs`. */
  readonly settled: number;
  /** Given up and held. */
  readonly givenUp: number;
  /** How long the one that has been due longest has waited for a worker, in milliseconds; 0 where none is due. */
  readonly oldestOverdueMs: number;
}

/**
 * Where scheduled closes are kept, and what hands them out when they are due: the port between auto-close and its stores.
 * It is the injection token of the store that was chosen.
 *
 * A store promises: what it has acknowledged survives the process; one id is one job; a job is handed out at or after its
 * time, to one worker at a time; a worker that dies loses its job to another; a verdict counts only if its worker still has the
 * job. Times come from the module's `Clock`, as far as the engine allows. `test/auto-close/conformance.ts` holds every
 * store to all of it.
 *
 * Every method rejects with a {@link CloseStoreError} where the store cannot be reached; it never waits long for one.
 */
export abstract class CloseScheduler {
  /** The queue that the store is built on, for tools of its engine's, where there is one. */
  get queue(): object | undefined {
    return undefined;
  }

  /**
   * Connects, and makes the tables where they are missing.
   *
   * @throws {@link CloseStoreError} if the store cannot be used, with what to do
   */
  abstract open(): Promise<void>;

  /**
   * Adds a job, due at its `closeAt`. Where its id is there already, in whatever state, nothing changes; but one whose settlement
   * is `NOT_FOUND` and that no worker has is replaced, since its order is only now placed.
   *
   * @param job - checked
   * @returns when it is durable
   */
  abstract schedule(job: CloseJob): Promise<ScheduleResult>;

  /**
   * Removes a job that waits and of whose order nothing is known yet, or one that was given up. Others stay.
   *
   * @param id - of the job
   * @returns what was there before, `undefined` for nothing: it is removed where that is `waiting` without a settlement or
   * `givenUp`
   */
  abstract cancel(id: string): Promise<StoredClose | undefined>;

  /**
   * Makes a job due now: one that waits, also for its next attempt, or one that was given up, which begins afresh, with no
   * attempt and no settlement.
   *
   * @param id - of the job
   * @returns what was there before, `undefined` for nothing: only `waiting` and `givenUp` are due now
   */
  abstract bringForward(id: string): Promise<StoredClose | undefined>;

  /** What the store has under an id. */
  abstract find(id: string): Promise<StoredClose | undefined>;

  /** Counts. */
  abstract stats(): Promise<SchedulerStats>;

  /**
   * Begins to hand out due jobs. It is called at most once.
   *
   * @param work - what to do with each
   * @param concurrency - how many at once, in this process
   */
  abstract start(work: CloseWork, concurrency: number): Promise<void>;

  /**
   * Hands out nothing more, and waits for what runs. When the budget is spent it aborts by signal what still runs, and gives
   * it back, due at once. Scheduling goes on until {@link close}. Where nothing was started, nothing happens.
   *
   * @param budgetMs - how long to wait, in milliseconds
   */
  abstract stop(budgetMs: number): Promise<void>;

  /** Lets go of the store. It is called after {@link stop}, also where opening failed, and may be called twice. */
  abstract close(): Promise<void>;
}
