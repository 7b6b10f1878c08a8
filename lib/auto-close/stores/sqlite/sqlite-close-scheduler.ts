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
import { ClaimLoop } from './claim-loop.js';
import { CloseTable } from './close-table.js';
import { loadDriver } from './load-driver.js';
import { inWords, openConnection } from './open-connection.js';
import type { SqliteConnection } from './sqlite-driver.js';
import type { SqliteStoreOptions } from './sqlite-store.options.js';

/** Keeps closes in a SQLite file: for one machine, which may run several processes. */
export class SqliteCloseScheduler extends CloseScheduler {
  #connection?: SqliteConnection | undefined;
  #table?: CloseTable | undefined;
  #loop?: ClaimLoop | undefined;

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
  }

  async schedule(job: CloseJob): Promise<ScheduleResult> {
    return this.#use((table, now) => {
      const isNew = table.add(job);
      if (isNew) this.#loop?.wakeAt(job.closeAt);
      const stored = table.find(job.id, now) ?? { job, state: 'waiting', dueAt: job.closeAt, attempts: 0 };
      return { isNew, stored };
    });
  }

  async cancel(id: string): Promise<StoredClose | undefined> {
    return this.#use((table, now) => table.cancel(id, now));
  }

  async bringForward(id: string): Promise<StoredClose | undefined> {
    return this.#use((table, now) => {
      const before = table.bringForward(id, now);
      this.#loop?.wakeAt(now);
      return before;
    });
  }

  async find(id: string): Promise<StoredClose | undefined> {
    return this.#use((table, now) => table.find(id, now));
  }

  async stats(): Promise<SchedulerStats> {
    return this.#use((table, now) => table.stats(now));
  }

  async start(work: CloseWork, concurrency: number): Promise<void> {
    const { leaseMs = 60_000, pollMs = 500 } = this.options;
    this.#loop = new ClaimLoop(this.#openTable(), work, this.environment, { leaseMs, pollMs, concurrency });
    this.#loop.wakeAt(0);
  }

  async stop(budgetMs: number): Promise<void> {
    await this.#loop?.stop(budgetMs);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#table = undefined;
    connection?.close();
  }

  #openTable(): CloseTable {
    if (this.#table !== undefined) return this.#table;
    throw new CloseStoreError('closed', "Auto-close's SQLite file is not open: the application has shut down.");
  }

  #use<T>(run: (table: CloseTable, now: number) => T): T {
    const table = this.#openTable();
    try {
      return run(table, this.environment.clock.now());
    } catch (error) {
      throw new CloseStoreError(
        'unavailable',
        `Auto-close's SQLite file ${this.options.file} cannot be used (${inWords(error)}): check that its disk has room and that no process keeps it locked.`,
        { cause: error },
      );
    }
  }
}
