import type { SqliteConnection } from './sqlite-driver.js';
import { transaction } from './statements.js';

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

  constructor(private readonly connection: SqliteConnection) {}

  /**
   * Runs something in the next transaction.
   *
   * @param run - synchronous
   * @returns what it returned, when it is on the disk. Where one of a transaction fails, all fail and nothing is written
   */
  add<T>(run: () => T): Promise<T> {
    if (this.#waiting.length === 0) setImmediate(() => this.flush());
    return new Promise<T>((resolve, reject) => {
      const results: T[] = [];
      this.#waiting.push({
        run: () => results.push(run()),
        resolve: () => results.forEach(resolve),
        reject,
      });
    });
  }

  /** Commits what waits at once, before the connection is closed. */
  flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    try {
      transaction(this.connection, () => batch.forEach(({ run }) => run()));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
      return;
    }
    batch.forEach(({ resolve }) => resolve());
  }
}
