import { whenTurnEnds } from './when-turn-ends.js';

/**
 * Says whether a computation that takes long may run at once. A single one may, which is the quickest; as soon as there are several in one
 * turn of the event loop, the others belong on the threadpool, so that the loop stays free.
 */
export class TurnShare {
  /** Those on the threadpool, and 1 for one that ran in this turn of the event loop. */
  #underWay = 0;

  /** Whether none is under way. */
  get isFree(): boolean {
    return this.#underWay === 0;
  }

  /** One runs at once. */
  take(): void {
    this.#underWay++;
    whenTurnEnds(() => this.#underWay--);
  }

  /**
   * Runs one on the threadpool.
   *
   * @param run - does so
   */
  async onThreadpool<T>(run: () => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await run();
    } finally {
      this.#underWay--;
    }
  }
}
