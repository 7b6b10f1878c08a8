import { firstValueFrom, from, fromEvent, map, merge, type Observable, of, switchMap, timer } from 'rxjs';

import type { ClaimedClose, CloseWork, Verdict } from '../../scheduling/close-work.js';
import type { StoreEnvironment } from '../../scheduling/store-environment.js';
import { inWords } from '../in-words.js';
import { claimedOf, earlyBy, type Report } from './close-record.js';
import type { CloseWorker, QueuedClose } from './close-queue.js';
import { AgainError, HeldError, LEAST_DELAY_MS } from './verdict-errors.js';

/** A rejection should not happen; the job is tried again, but not at once. */
const AFTER_REJECTION_MS = 60_000;
/** How long aborted work may take to hear of it. */
const LET_GO_MS = 250;

interface Run {
  readonly claimed: ClaimedClose;
  verdict?: Verdict;
}

/** The jobs that this process has, and what became of each. */
export class ClosingRuns {
  readonly #runs = new Map<string, Run>();

  constructor(
    private readonly work: CloseWork,
    private readonly environment: StoreEnvironment,
  ) {}

  get count(): number {
    return this.#runs.size;
  }

  /**
   * Works on a job.
   *
   * @returns what BullMQ keeps of one that is done
   * @throws AgainError or HeldError, which tell BullMQ what to do with any other
   */
  async process(queued: QueuedClose, signal: AbortSignal): Promise<Report> {
    const run: Run = { claimed: this.#claimed(queued) };
    const early = earlyBy(queued, this.environment.clock.now());
    if (early > 0) {
      const at = this.environment.clock.now();
      throw new AgainError({ attempts: 0, at, dueAt: at + early, because: 'not due' }, early);
    }
    this.#runs.set(keyOf(queued), run);
    const verdict = await this.#verdict(run.claimed, signal);
    run.verdict = verdict;
    const { clock } = this.environment;
    const at = clock.now();
    const { attempt: attempts, since } = run.claimed;
    switch (verdict.kind) {
      case 'done': {
        const report = { attempts, at, since, dueAt: run.claimed.dueAt, settlement: verdict.settlement };
        if (verdict.settlement.state === 'GIVEN_UP') throw new HeldError(report);
        return report;
      }
      case 'again': {
        const { because, afterMs, settlement } = verdict;
        const dueAt = Math.ceil(at + afterMs);
        throw new AgainError({ attempts, at, since, dueAt, because, ...(settlement && { settlement }) }, dueAt - at);
      }
      case 'released': {
        const { dueAt, settlement } = run.claimed;
        throw new AgainError(
          { attempts: attempts - 1, at, dueAt, because: 'released', ...(settlement && { settlement }) },
          LEAST_DELAY_MS,
        );
      }
    }
  }

  /** Listens to what BullMQ writes of the verdicts, and lets go of jobs whose lock is lost. */
  listen(worker: CloseWorker): void {
    worker.on('completed', (queued) => this.#end(queued, true));
    // An error of the engine's own leaves the job to be tried again, and the verdict unwritten.
    worker.on('failed', (queued, error) =>
      this.#end(queued, error instanceof AgainError || error instanceof HeldError),
    );
    worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => worker.cancelJob(id)));
  }

  /**
   * Whether an error of the worker's says that another one has a job by now. Its run ends then.
   *
   * @param error - BullMQ names the job in its message, and no id has a space
   */
  isOutrun({ message }: Error): boolean {
    if (!/lock|Missing key|not in the active/i.test(message)) return false;
    for (const [key, { claimed, verdict }] of this.#runs) {
      const { id } = claimed.job;
      if (!message.includes(`ob ${id}. `) && !message.includes(`ob ${id} `) && !message.endsWith(`ob ${id}`)) continue;
      if (verdict !== undefined) {
        this.#runs.delete(key);
        this.work.outrun(claimed);
      }
      return true;
    }
    return false;
  }

  #end(queued: QueuedClose | undefined, isWritten: boolean): void {
    const key = queued && keyOf(queued);
    const run = key === undefined ? undefined : this.#runs.get(key);
    if (key === undefined || run === undefined) return;
    this.#runs.delete(key);
    if (isWritten && run.verdict !== undefined) this.work.written(run.claimed, run.verdict);
  }

  #claimed(queued: QueuedClose): ClaimedClose {
    try {
      return claimedOf(queued, this.environment.clock.now());
    } catch (error) {
      this.environment.report(
        `What auto-close has stored of ${String(queued.id)} cannot be read, so it is not closed: remove the job from the queue.`,
      );
      throw new HeldError(inWords(error));
    }
  }

  /** What the work says, or that it was released where it does not listen to its signal. */
  async #verdict(claimed: ClaimedClose, signal: AbortSignal): Promise<Verdict> {
    const worked = from(this.#worked(claimed, signal));
    const aborted: Observable<unknown> = signal.aborted ? of(undefined) : fromEvent(signal, 'abort');
    const released = aborted.pipe(
      switchMap(() => timer(LET_GO_MS, this.environment.scheduler)),
      map((): Verdict => ({ kind: 'released' })),
    );
    return firstValueFrom(merge(worked, released));
  }

  async #worked(claimed: ClaimedClose, signal: AbortSignal): Promise<Verdict> {
    try {
      return await this.work.run(claimed, signal);
    } catch (error) {
      return { kind: 'again', afterMs: AFTER_REJECTION_MS, because: inWords(error) };
    }
  }
}

/** A worker that lost a job may be given it again, so the id alone does not tell. */
function keyOf({ id, token }: QueuedClose): string {
  return `${String(id)} ${String(token)}`;
}
