import { Observable, type Subscriber, type Subscription } from 'rxjs';

/**
 * Lets calls that are equal and run at the same time share one course of at most one value. The last one to unsubscribe ends it. Different calls
 * never merge, and one that has ended is begun afresh.
 */
export class SingleFlight<T> {
  readonly #running = new Map<string, SharedCourse<T>>();

  /**
   * @param key - the same for equal calls, and for no others
   * @param begin - begins a course
   * @returns a cold Observable
   */
  share(key: string, begin: () => Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      const running = this.#running.get(key);
      if (running !== undefined) return running.join(subscriber);
      const course = new SharedCourse(begin(), key, this.#running);
      this.#running.set(key, course);
      return course.join(subscriber);
    });
  }
}

/** It lets go of everything when it ends: the tables that a `Map` leaves behind keep alive what was in them. */
class SharedCourse<T> {
  readonly #callers = new Set<Subscriber<T>>();
  #running: Subscription | undefined;

  /**
   * @param course - begun by the first who joins
   * @param key - of the course
   * @param all - that it is among, as long as it runs
   */
  constructor(
    private course: Observable<T> | undefined,
    private readonly key: string,
    private readonly all: Map<string, SharedCourse<T>>,
  ) {}

  /** @returns what leaves the course again */
  join(caller: Subscriber<T>): () => void {
    this.#callers.add(caller);
    this.#running ??= this.course?.subscribe({
      next: (value) => this.#tell((each) => each.next(value)),
      error: (error: unknown) => this.#tell((each) => each.error(error)),
      complete: () => this.#tell((each) => each.complete()),
    });
    // It may have ended at once, and with it the last caller gone.
    if (this.#callers.size === 0) this.#release();
    return () => this.#leave(caller);
  }

  #tell(say: (caller: Subscriber<T>) => void): void {
    // Before anybody hears of the end: who begins again at once must find no course that has ended.
    this.#end();
    for (const caller of this.#callers) say(caller);
  }

  #leave(caller: Subscriber<T>): void {
    this.#callers.delete(caller);
    if (this.#callers.size > 0) return;
    this.#end();
    this.#release();
  }

  #end(): void {
    if (this.all.get(this.key) === this) this.all.delete(this.key);
  }

  #release(): void {
    this.#running?.unsubscribe();
    this.#running = undefined;
    this.course = undefined;
  }
}
