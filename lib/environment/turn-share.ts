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
   * @param run - begins it, and calls back as `node:crypto` does
   * @param read - what to make of its result
   */
  onThreadpool<T, TRead>(
    run: (done: (error: Error | null, result: T) => void) => void,
    read: (result: T) => TRead,
  ): Promise<TRead> {
    return new Promise((resolve, reject) => {
      run((error, result) => {
        this.#underWay--;
        if (error === null) resolve(read(result));
        else reject(error);
      });
      this.#underWay++;
    });
  }
}
