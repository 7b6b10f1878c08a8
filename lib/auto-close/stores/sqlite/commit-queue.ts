import { asyncScheduler, type SchedulerLike } from 'rxjs';

import { whenTurnEnds } from '../../../environment/when-turn-ends.js';
import { isBusy } from './is-busy.js';
import type { SqliteConnection } from './sqlite-driver.js';
import { transaction } from './statements.js';

/** How often a transaction is tried that another process is in the way of: with the pauses, for about five seconds. */
const MOST_TRIES = 70;
const TRY_AGAIN_MS = 50;

interface Waiting {
  readonly run: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits what comes in the same turn of the event loop as one transaction. A commit waits for the disk and blocks the process
 * meanwhile, for milliseconds on a disk of the cloud: fifty orders that come at once wait once.
 */
export class CommitQueue {
  #waiting: Waiting[] = [];
  #tries = 0;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly scheduler: SchedulerLike = asyncScheduler,
  ) {}

  /**
   * Runs something in the next transaction. Where another process has the file, it is tried for some seconds, and the event loop
   * goes on in between.
   *
   * @param run - synchronous; it may be run more than once, and only its last run counts
   * @returns what it returned, when it is on the disk. Where it fails, nothing of it is written, and others are not harmed
   */
  add<T>(run: () => T): Promise<T> {
    if (this.#waiting.length === 0) whenTurnEnds(() => this.#commit(false));
    return new Promise<T>((resolve, reject) => {
      let results: T[] = [];
      this.#waiting.push({
        run: () => (results = [run()]),
        resolve: () => results.forEach(resolve),
        reject,
      });
    });
  }

  /** Commits what waits at once, before the connection is closed. */
  flush(): void {
    this.#commit(true);
  }

  #commit(isLast: boolean): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    try {
      transaction(this.connection, () => batch.forEach(({ run }) => run()));
    } catch (error) {
      if (!isLast && isBusy(error) && ++this.#tries < MOST_TRIES) {
        this.scheduler.schedule(() => this.#commit(false), TRY_AGAIN_MS);
        return;
      }
      this.#take();
      if (batch.length > 1 && !isBusy(error)) batch.forEach((one) => this.#alone(one));
      else batch.forEach(({ reject }) => reject(error));
      return;
    }
    this.#take();
    batch.forEach(({ resolve }) => resolve());
  }

  /** One of a transaction that failed may be the only one to blame. */
  #alone({ run, resolve, reject }: Waiting): void {
    try {
      transaction(this.connection, run);
    } catch (error) {
      reject(error);
      return;
    }
    resolve();
  }

  #take(): void {
    this.#waiting = [];
    this.#tries = 0;
  }
}
