import { resolve } from 'node:path';

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
import { ClaimLoop } from './claim-loop.js';
import { CloseTable } from './close-table.js';
import { CommitQueue } from './commit-queue.js';
import { loadDriver } from './load-driver.js';
import { openConnection } from './open-connection.js';
import { SameFile } from './same-file.js';
import type { SqliteConnection } from './sqlite-driver.js';
import type { SqliteStoreOptions } from './sqlite-store.options.js';

/** Keeps closes in a SQLite file: for one machine, which may run several processes. */
export class SqliteCloseScheduler extends CloseScheduler {
  #connection?: SqliteConnection | undefined;
  #table?: CloseTable | undefined;
  #commits?: CommitQueue | undefined;
  #loop?: ClaimLoop | undefined;
  #file?: SameFile;

  /**
   * @param options - checked
   * @param environment - clock, timers and whom to tell of trouble
   */
  constructor(
    private readonly options: SqliteStoreOptions,
    private readonly environment: StoreEnvironment,
  ) {
    super();
  }

  async open(): Promise<void> {
    const Connector = await loadDriver(this.options.driver);
    this.#connection = await openConnection(Connector, this.options.file, this.environment.scheduler);
    this.#table = new CloseTable(this.#connection);
    this.#file = new SameFile(resolve(this.options.file));
    this.#commits = new CommitQueue(this.#connection, this.environment.scheduler);
  }

  async schedule(job: CloseJob): Promise<ScheduleResult> {
    const result = await this.#commit((table, now) => {
      this.#file?.check();
      const isNew = table.add(job);
      const stored = table.find(job.id, now) ?? { job, state: 'waiting', dueAt: job.closeAt, attempts: 0 };
      return { isNew, stored };
    });
    if (result.isNew) this.#loop?.wakeAt(job.closeAt);
    return result;
  }

  async cancel(id: string): Promise<StoredClose | undefined> {
    return this.#commit((table, now) => table.cancel(id, now));
  }

  async bringForward(id: string): Promise<StoredClose | undefined> {
    const before = await this.#commit((table, now) => table.bringForward(id, now));
    this.#loop?.wakeAt(this.environment.clock.now());
    return before;
  }

  async find(id: string): Promise<StoredClose | undefined> {
    return this.#read((table, now) => table.find(id, now));
  }

  async stats(): Promise<SchedulerStats> {
    return this.#read((table, now) => table.stats(now));
  }

  async start(work: CloseWork, concurrency: number): Promise<void> {
    const { leaseMs = 60_000, pollMs = 500 } = this.options;
    const { table, commits } = this.#opened();
    this.#loop = new ClaimLoop(table, commits, work, this.environment, { leaseMs, pollMs, concurrency });
    this.#loop.wakeAt(0);
  }

  async stop(budgetMs: number): Promise<void> {
    await this.#loop?.stop(budgetMs);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#commits?.flush();
    this.#connection = undefined;
    this.#table = undefined;
    this.#commits = undefined;
    connection?.close();
  }

  #opened(): { table: CloseTable; commits: CommitQueue } {
    if (this.#table !== undefined && this.#commits !== undefined) return { table: this.#table, commits: this.#commits };
    throw new CloseStoreError('closed', "Auto-close's SQLite file is not open: the application has shut down.");
  }

  #read<T>(run: (table: CloseTable, now: number) => T): T {
    const { table } = this.#opened();
    try {
      return run(table, this.environment.clock.now());
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  async #commit<T>(run: (table: CloseTable, now: number) => T): Promise<T> {
    const { table, commits } = this.#opened();
    try {
      return await commits.add(() => run(table, this.environment.clock.now()));
    } catch (error) {
      if (error instanceof CloseStoreError) throw error;
      throw this.#unavailable(error);
    }
  }

  #unavailable(error: unknown): CloseStoreError {
    return new CloseStoreError(
      'unavailable',
      `Auto-close's SQLite file ${this.options.file} cannot be used (${inWords(error)}): check that its disk has room and that no process keeps it locked.`,
      { cause: error },
    );
  }
}
