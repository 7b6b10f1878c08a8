import { type Subscription, timer } from 'rxjs';

import type { CloseWork, Verdict } from '../../scheduling/close-work.js';
import type { StoreEnvironment } from '../../scheduling/store-environment.js';
import { within } from '../within.js';
import type { CloseTable, Leased } from './close-table.js';
import type { CommitQueue } from './commit-queue.js';
import { inWords } from '../in-words.js';

/** A rejection should not happen; the job is tried again, but not at once. */
const AFTER_REJECTION_MS = 60_000;
/** How long aborted work may take to hear of it. */
const LET_GO_MS = 250;

interface Run {
  readonly leased: Leased;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  /** Its verdict is being written, and no other counts. */
  isEnding: boolean;
}

/** The jobs that this process has, each under a lease that is renewed while it runs. */
export class RunningCloses {
  readonly #runs = new Set<Run>();
  #renewedAt = 0;
  #renewal?: Subscription | undefined;

  constructor(
    private readonly table: CloseTable,
    private readonly commits: CommitQueue,
    private readonly work: CloseWork,
    private readonly environment: StoreEnvironment,
    private readonly leaseMs: number,
    private readonly onEnd: () => void,
  ) {}

  get count(): number {
    return this.#runs.size;
  }

  /** How many of them have been tried before. */
  get againCount(): number {
    return [...this.#runs].filter(({ leased }) => leased.claimed.attempt > 1).length;
  }

  /** Begins to work on a job. */
  begin(leased: Leased): void {
    const abort = new AbortController();
    const run: Run = {
      leased,
      abort,
      isEnding: false,
      ended: this.#verdict(leased, abort.signal).then((verdict) => this.#end(run, verdict)),
    };
    if (this.#runs.size === 0) this.#renewedAt = this.environment.clock.now();
    this.#runs.add(run);
    const every = this.leaseMs / 3;
    this.#renewal ??= timer(every, every, this.environment.scheduler).subscribe(() => this.#renew());
  }

  /**
   * Renews leases that are due for it by the clock. It is called before others are claimed: after the machine slept, or its clock
   * was set, this process must not take over its own jobs.
   */
  keep(): void {
    if (this.#runs.size > 0 && this.environment.clock.now() >= this.#renewedAt + this.leaseMs / 3) this.#renew();
  }

  /** Waits for all, then aborts and gives back what is left. */
  async drain(budgetMs: number): Promise<void> {
    const { scheduler } = this.environment;
    const all = () => Promise.all([...this.#runs].map(({ ended }) => ended));
    if (await within(all(), budgetMs, scheduler)) return;
    for (const { abort } of this.#runs) abort.abort();
    await within(all(), LET_GO_MS, scheduler);
    await Promise.all([...this.#runs].map((run) => this.#end(run, { kind: 'released' })));
  }

  async #verdict({ claimed }: Leased, signal: AbortSignal): Promise<Verdict> {
    try {
      return await this.work.run(claimed, signal);
    } catch (error) {
      return { kind: 'again', afterMs: AFTER_REJECTION_MS, because: inWords(error) };
    }
  }

  async #end(run: Run, verdict: Verdict): Promise<void> {
    if (run.isEnding) return;
    run.isEnding = true;
    const { claimed } = run.leased;
    const now = this.environment.clock.now();
    try {
      const isWritten = await this.commits.add(() => this.table.write(run.leased, verdict, now));
      if (isWritten) this.work.written(claimed, verdict);
      else this.work.outrun(claimed);
    } catch (error) {
      this.environment.report(
        `What became of ${claimed.job.id} could not be stored (${inWords(error)}), so it is tried again when its lease runs out: check the disk.`,
      );
    }
    this.#runs.delete(run);
    if (this.#runs.size === 0) {
      this.#renewal?.unsubscribe();
      this.#renewal = undefined;
    }
    this.onEnd();
  }

  #renew(): void {
    const now = this.environment.clock.now();
    const runs = [...this.#runs];
    try {
      const lost = new Set(
        this.table.renew(
          runs.map(({ leased }) => leased),
          now + this.leaseMs,
        ),
      );
      for (const { leased, abort } of runs) if (lost.has(leased)) abort.abort();
      this.#renewedAt = now;
    } catch {
      // The leases may run out; then another worker takes the jobs over, and this one's verdicts do not count.
    }
  }
}
