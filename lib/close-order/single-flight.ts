import { defer, finalize, type Observable, share, tap } from 'rxjs';

/**
 * Lets calls that are equal and run at the same time share one course of at most one value. The last one to unsubscribe ends it. Different calls
 * never merge, and one that has ended is begun afresh.
 */
export class SingleFlight<T> {
  readonly #running = new Map<string, Observable<T>>();

  /**
   * @param key - the same for equal calls, and for no others
   * @param begin - begins a course
   * @returns a cold Observable
   */
  share(key: string, begin: () => Observable<T>): Observable<T> {
    return defer(() => {
      const running = this.#running.get(key);
      if (running !== undefined) return running;
      // Before anybody hears of the end: who begins again at once must find no course that has ended.
      const end = () => void (this.#running.get(key) === course && this.#running.delete(key));
      const course: Observable<T> = begin().pipe(tap({ next: end, error: end, complete: end }), finalize(end), share());
      this.#running.set(key, course);
      return course;
    });
  }
}
