import { type Subscription, timer } from 'rxjs';

import type { CloseWork } from '../../scheduling/close-work.js';
import type { SchedulerStats } from '../../scheduling/close-scheduler.js';
import type { StoreEnvironment } from '../../scheduling/store-environment.js';
import { within } from '../within.js';
import { ClosingRuns } from './closing-runs.js';
import type { CloseWorker, QueueEngine, WorkerSettings } from './close-queue.js';
import type { Trouble } from './trouble.js';

/** How often the watchdog looks, and how long a job may be overdue before it acts. */
const WATCH_MS = 30_000;
const OVERDUE_MS = 60_000;
/** How long writing back what was aborted may take. */
const WRITE_BACK_MS = 2_000;

/** The worker of BullMQ in this process, and a watchdog that replaces one that has stopped working. */
export class ClosingWorker {
  #runs: ClosingRuns;
  #worker: CloseWorker;
  readonly #watchdog: Subscription;

  constructor(
    private readonly engine: QueueEngine,
    private readonly work: CloseWork,
    private readonly environment: StoreEnvironment,
    private readonly settings: WorkerSettings,
    private readonly stats: () => Promise<SchedulerStats>,
    private readonly trouble: Trouble,
  ) {
    this.#runs = new ClosingRuns(work, environment);
    this.#worker = this.#create(this.#runs);
    this.#watchdog = timer(WATCH_MS, WATCH_MS, environment.scheduler).subscribe(() => void this.watch());
  }

  /** Looks whether anything is overdue that this worker should have taken, and replaces a worker that takes nothing. */
  async watch(): Promise<void> {
    const { oldestOverdueMs, due } = await this.stats().catch(() => ({ oldestOverdueMs: 0, due: 0 }));
    if (oldestOverdueMs < OVERDUE_MS) return;
    if (this.#runs.count > 0) {
      this.trouble.tell(
        'late',
        `${due} orders are due and the oldest has waited for ${Math.round(oldestOverdueMs / 1_000)} s: raise concurrency, or start more workers.`,
      );
      return;
    }
    this.trouble.tell(
      'idle',
      `${due} orders are due and this worker takes none, so it is replaced by a new one: if this happens often, check ${this.engine.name}.`,
    );
    const idle = this.#worker;
    // What the old one may still take is no reason to think that the new one works.
    this.#runs = new ClosingRuns(this.work, this.environment);
    this.#worker = this.#create(this.#runs);
    await idle.close(true).catch(() => undefined);
  }

  /** Takes nothing more, waits for what runs, and gives back what still runs after the budget. */
  async stop(budgetMs: number): Promise<void> {
    const { scheduler } = this.environment;
    this.#watchdog.unsubscribe();
    const closed = this.#worker.close().catch(() => undefined);
    if (await within(closed, budgetMs, scheduler)) return;
    this.#worker.cancelAllJobs();
    if (await within(closed, WRITE_BACK_MS, scheduler)) return;
    // Where the server is gone, BullMQ would look for it for ever, and keep the process alive.
    this.engine.abandon();
    await within(closed, WRITE_BACK_MS, scheduler);
  }

  #create(runs: ClosingRuns): CloseWorker {
    const worker = this.engine.createWorker(
      // BullMQ passes a signal only to a function that names it.
      (queued, _token, signal) => runs.process(queued, signal ?? new AbortController().signal),
      this.settings,
    );
    runs.listen(worker);
    worker.on('error', (error) => {
      if (runs.isOutrun(error)) return;
      this.trouble.tell(
        'worker',
        `Auto-close's worker on ${this.engine.name} has trouble and goes on trying (${error.message}): check the server.`,
      );
    });
    return worker;
  }
}
