import type { Settlement } from '../settlement.js';
import type { CloseJob } from './close-job.js';

/** A job that a worker has, and may work on while its signal is not aborted. */
export interface ClaimedClose {
  readonly job: CloseJob;
  /** Which attempt this is: 1 for the first. */
  readonly attempt: number;
  /**
   * Since when it has been tried, in milliseconds since 1970: about its `closeAt`, or when it was brought forward after it was
   * given up, or when a worker first looked, where none did for long.
   */
  readonly since: number;
  /** When this attempt was due, in milliseconds since 1970. */
  readonly dueAt: number;
  /** What an earlier attempt found out, if the handler has not taken it yet. */
  readonly settlement?: Settlement;
}

/**
 * What an attempt came to.
 *
 * - `done`: the settlement is to be recorded, once. A store holds one whose `state` is `GIVEN_UP`, and keeps others for a
 *   set time.
 * - `again`: to be tried again after a while. A settlement that is known goes with it, so that WeChat Pay is not asked again.
 * - `released`: it was aborted; due again at once, as if this attempt had not been.
 */
export type Verdict =
  | { readonly kind: 'done'; readonly settlement: Settlement }
  | { readonly kind: 'again'; readonly afterMs: number; readonly because: string; readonly settlement?: Settlement }
  | { readonly kind: 'released' };

/** What a store does with jobs that are due. */
export interface CloseWork {
  /**
   * Tries to close an order. It never rejects; a store takes a rejection for `again` after a minute all the same.
   *
   * @param claimed - the job
   * @param signal - aborted when the worker must let go of it: at the end of a shutdown, or since another worker has it
   */
  run(claimed: ClaimedClose, signal: AbortSignal): Promise<Verdict>;
  /** A verdict was written. It is called once a verdict, and must not throw. */
  written(claimed: ClaimedClose, verdict: Verdict): void;
  /** A verdict was not written, since another worker has the job by now; that one's counts. It must not throw. */
  outrun(claimed: ClaimedClose): void;
}
