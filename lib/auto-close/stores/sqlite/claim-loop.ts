import { randomUUID } from 'node:crypto';

import { type Subscription, timer } from 'rxjs';

import type { CloseWork } from '../../scheduling/close-work.js';
import type { StoreEnvironment } from '../../scheduling/store-environment.js';
import type { CloseTable } from './close-table.js';
import type { CommitQueue } from './commit-queue.js';
import { inWords } from '../in-words.js';
import { isBusy } from './is-busy.js';
import { RunningCloses } from './running-closes.js';

const TROUBLE_MS = 1_000;
/** How often in a row another process may have the file before that is trouble: for about five seconds. */
const MOST_BUSY = 70;
const BUSY_AGAIN_MS = 50;
const PURGE_MS = 60_000;
/** The share of places for orders that were tried before: those that hang for ever leave some to new ones. */
const MOST_AGAIN = 0.75;

/** How a claim loop works. */
export interface ClaimLoopSettings {
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly concurrency: number;
}

/** Takes jobs when they are due, as many as may run at once. While it is begun, its timer keeps the process alive. */
export class ClaimLoop {
  readonly #running: RunningCloses;
  #timer?: Subscription | undefined;
  #wakesAt = Infinity;
  #purgeAt = 0;
  #isStopped = false;
  #isInTrouble = false;
  #busy = 0;

  constructor(
    private readonly table: CloseTable,
    commits: CommitQueue,
    work: CloseWork,
    private readonly environment: StoreEnvironment,
    private readonly settings: ClaimLoopSettings,
  ) {
    this.#running = new RunningCloses(table, commits, work, environment, settings.leaseMs, () => this.wakeAt(0));
  }

  /**
   * Looks for due jobs at a time, if not sooner.
   *
   * @param time - in milliseconds since 1970; one that is past means now
   */
  wakeAt(time: number): void {
    if (this.#isStopped || time >= this.#wakesAt) return;
    this.#wakesAt = time;
    this.#timer?.unsubscribe();
    const wait = Math.max(0, time - this.environment.clock.now());
    this.#timer = timer(wait, this.environment.scheduler).subscribe(() => this.#turn());
  }

  /**
   * Takes nothing more, waits for what runs, and gives back what still runs after the budget.
   *
   * @param budgetMs - in milliseconds
   */
  async stop(budgetMs: number): Promise<void> {
    this.#isStopped = true;
    this.#timer?.unsubscribe();
    await this.#running.drain(budgetMs);
  }

  #turn(): void {
    this.#wakesAt = Infinity;
    try {
      this.wakeAt(this.#claim());
      this.#isInTrouble = false;
      this.#busy = 0;
    } catch (error) {
      if (isBusy(error) && ++this.#busy <= MOST_BUSY) {
        this.wakeAt(this.environment.clock.now() + BUSY_AGAIN_MS);
        return;
      }
      this.#tell(error);
      this.wakeAt(this.environment.clock.now() + TROUBLE_MS);
    }
  }

  /** Takes what is due, and tells when to look again. */
  #claim(): number {
    const { concurrency, leaseMs, pollMs } = this.settings;
    const now = this.environment.clock.now();
    if (now >= this.#purgeAt) {
      const isMore = this.table.purge(now - this.environment.keepSettledForMs);
      this.#purgeAt = isMore ? now : now + PURGE_MS;
    }
    this.#running.keep();
    const free = concurrency - this.#running.count;
    const nextDueAt = this.table.nextDueAt(now) ?? Infinity;
    if (free <= 0 || nextDueAt > now) return Math.min(nextDueAt > now ? nextDueAt : Infinity, now + pollMs);
    const malformed = (id: string) =>
      this.environment.report(
        `What auto-close has stored of ${id} cannot be read, so it is not closed: remove the row.`,
      );
    const again = Math.max(1, Math.floor(concurrency * MOST_AGAIN)) - this.#running.againCount;
    const leased = this.table.claim(now, randomUUID(), now + leaseMs, free, malformed, again);
    for (const each of leased) this.#running.begin(each);
    return now + (leased.length > 0 && leased.length < free ? 0 : pollMs);
  }

  /** Once for each time that trouble begins: a disk that is full would fill the log, too. */
  #tell(error: unknown): void {
    if (!this.#isInTrouble) {
      this.environment.report(
        `Auto-close cannot look for due orders, and tries on every second (${inWords(error)}): check the disk and the file of its SQLite store.`,
      );
    }
    this.#isInTrouble = true;
  }
}
