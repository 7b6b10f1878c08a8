import type { Inputs } from './bulk-source.js';

type Pulled<T> = Iterator<T, unknown> | AsyncIterator<T, unknown>;

/** Pulls an iterator, synchronous or not, and returns it where it is left before its end. */
export class IteratorInputs<T> implements Inputs<T> {
  #isOver = false;
  #endWait: (() => void) | undefined;

  /** @param iterator - begun by nobody else */
  constructor(private readonly iterator: Pulled<T>) {}

  next(): Promise<IteratorResult<T, unknown>> {
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#endWait = () => resolve({ done: true, value: undefined });
      this.#pull().then(resolve, reject);
    });
  }

  stop(): void {
    this.#endWait?.();
    if (this.#isOver) return;
    this.#isOver = true;
    void this.#leave();
  }

  async #pull(): Promise<IteratorResult<T, unknown>> {
    try {
      const result = await this.iterator.next();
      if (result.done === true) this.#isOver = true;
      return result;
    } catch (error) {
      // An iterator that threw is at its end and is not returned.
      this.#isOver = true;
      throw error;
    }
  }

  /** Nobody is left who could be told that the clean-up failed. */
  async #leave(): Promise<void> {
    try {
      await this.iterator.return?.();
    } catch {}
  }
}
