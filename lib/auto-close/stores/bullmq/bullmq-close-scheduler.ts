import { CloseStoreError } from '../../errors/close-store.error.js';
import type { CloseJob } from '../../scheduling/close-job.js';
import {
  CloseScheduler,
  type ScheduleResult,
  type SchedulerStats,
  type StoredClose,
} from '../../scheduling/close-scheduler.js';
import type { CloseWork } from '../../scheduling/close-work.js';
import type { StoreEnvironment } from '../../scheduling/store-environment.js';
import { inWords } from '../in-words.js';
import type { BullmqStoreOptions } from './bullmq-store.options.js';
import type { QueueEngine } from './close-queue.js';
import { ClosingWorker } from './closing-worker.js';
import { openPostgres } from './postgres-engine.js';
import { QueuedCloses } from './queued-closes.js';
import { openRedis } from './redis-engine.js';
import { serverOf } from './server-of.js';
import { Trouble } from './trouble.js';
import { delayAfter } from './verdict-errors.js';

/** A process that dies takes a job down with it, never the job's right to be tried: by default BullMQ fails it the second time. */
const MOST_STALLED = 1_000_000_000;

/** Keeps closes in a queue of BullMQ, whose workers run them: for any number of instances. */
export class BullmqCloseScheduler extends CloseScheduler {
  readonly #trouble: Trouble;
  #engine?: QueueEngine | undefined;
  #closes?: QueuedCloses | undefined;
  #worker?: ClosingWorker | undefined;

  /**
   * @param options - checked
   * @param environment - clock, timers and whom to tell of trouble
   */
  constructor(
    private readonly options: BullmqStoreOptions,
    private readonly environment: StoreEnvironment,
  ) {
    super();
    this.#trouble = new Trouble(environment);
  }

  override get queue(): object | undefined {
    return this.#engine?.queue;
  }

  async open(): Promise<void> {
    const server = serverOf(this.options);
    if (server === undefined) throw new CloseStoreError('open', 'The store names no server: give store.url.');
    const open = server.engine === 'redis' ? openRedis : openPostgres;
    const report = (problem: string) => this.environment.report(problem);
    this.#engine = await open(server, this.options, report, (error) => this.#tell(error));
    this.#closes = new QueuedCloses(this.#engine.queue, this.environment.keepSettledForMs);
  }

  async schedule(job: CloseJob): Promise<ScheduleResult> {
    return this.#ask((closes) => closes.add(job, this.environment.clock.now()));
  }

  async cancel(id: string): Promise<StoredClose | undefined> {
    return this.#ask((closes) => closes.cancel(id, () => this.environment.clock.now()));
  }

  async bringForward(id: string): Promise<StoredClose | undefined> {
    return this.#ask((closes) => closes.bringForward(id, this.environment.clock.now()));
  }

  async find(id: string): Promise<StoredClose | undefined> {
    return this.#ask((closes) => closes.find(id));
  }

  async stats(): Promise<SchedulerStats> {
    return this.#ask((closes) => closes.stats(this.environment.clock.now()));
  }

  async start(work: CloseWork, concurrency: number): Promise<void> {
    const { lockMs = 30_000, stalledMs = 15_000 } = this.options;
    const settings = {
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledMs,
      maxStalledCount: MOST_STALLED,
      runRetryDelay: 1_000,
      settings: { backoffStrategy: delayAfter },
    };
    const { engine } = this.#opened();
    this.#worker = new ClosingWorker(engine, work, this.environment, settings, () => this.stats(), this.#trouble);
  }

  async stop(budgetMs: number): Promise<void> {
    await this.#worker?.stop(budgetMs);
  }

  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#closes = undefined;
    await engine?.close();
  }

  #opened(): { engine: QueueEngine; closes: QueuedCloses } {
    if (this.#engine !== undefined && this.#closes !== undefined) {
      return { engine: this.#engine, closes: this.#closes };
    }
    throw new CloseStoreError('closed', "Auto-close's queue is not open: the application has shut down.");
  }

  async #ask<T>(question: (closes: QueuedCloses) => Promise<T>): Promise<T> {
    const { engine, closes } = this.#opened();
    try {
      return await question(closes);
    } catch (error) {
      throw new CloseStoreError(
        'unavailable',
        `${engine.name} does not serve auto-close (${inWords(error)}): check that it runs and has room.`,
      );
    }
  }

  #tell(error: Error): void {
    this.#trouble.tell(
      'connection',
      `Auto-close has no connection to ${this.#engine?.name ?? 'its store'} and goes on trying (${inWords(error)}): check the server.`,
    );
  }
}
