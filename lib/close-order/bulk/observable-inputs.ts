import { type Observable, Subject, takeUntil } from 'rxjs';

import type { Inputs } from './bulk-source.js';

/** More waited in memory than may. */
export class BufferFullError extends Error {}

interface End {
  readonly error?: unknown;
  readonly isError: boolean;
}

interface Wait<T> {
  readonly resolve: (result: IteratorResult<T, unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps what an Observable emits until it is asked for. What waits is worked off before the Observable's end or error shows. */
export class ObservableInputs<T> implements Inputs<T> {
  /** Ends a source even while it emits at once, before there is a subscription to unsubscribe. */
  readonly #left = new Subject<void>();
  /** A queue as two stacks, since `shift` of a long array copies it. */
  #arrived: T[] = [];
  #leaving: T[] = [];
  #end: End | undefined;
  #waiting: Wait<T> | undefined;

  /**
   * @param source - subscribed to at once
   * @param most - how many may wait
   */
  constructor(
    source: Observable<T>,
    private readonly most: number,
  ) {
    source.pipe(takeUntil(this.#left)).subscribe({
      next: (value) => this.#take(value),
      error: (error: unknown) => this.#finish({ error, isError: true }),
      complete: () => this.#finish({ isError: false }),
    });
  }

  next(): Promise<IteratorResult<T, unknown>> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#give();
    });
  }

  stop(): void {
    this.#arrived = [];
    this.#leaving = [];
    this.#finish({ isError: false });
    this.#left.next();
  }

  #take(value: T): void {
    if (this.#end !== undefined) return;
    if (this.#arrived.length + this.#leaving.length >= this.most) {
      this.#finish({ error: new BufferFullError(), isError: true });
      this.#left.next();
      return;
    }
    this.#arrived.push(value);
    this.#give();
  }

  #finish(end: End): void {
    this.#end ??= end;
    this.#give();
  }

  #give(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    if (this.#leaving.length === 0) [this.#leaving, this.#arrived] = [this.#arrived.toReversed(), []];
    // `splice` rather than `pop`: an input may be `undefined`, and is refused as a request then.
    for (const value of this.#leaving.splice(-1)) {
      this.#waiting = undefined;
      waiting.resolve({ done: false, value });
      return;
    }
    if (this.#end === undefined) return;
    this.#waiting = undefined;
    if (this.#end.isError) waiting.reject(this.#end.error);
    else waiting.resolve({ done: true, value: undefined });
  }
}
