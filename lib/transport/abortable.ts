import { from, Observable } from 'rxjs';

/**
 * Runs a step that can be told to stop.
 *
 * @param step - is given a signal, which is aborted when the step's result is no longer waited for
 * @returns a cold Observable of the result; what comes of the step after that is ignored, an error too
 */
export function abortable<T>(step: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    let isUnderWay = true;
    const end = () => (isUnderWay = false);
    const waiting = from(step(controller.signal)).subscribe({
      next: (result) => {
        end();
        subscriber.next(result);
      },
      error: (error: unknown) => {
        end();
        subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    });
    return () => {
      waiting.unsubscribe();
      if (isUnderWay) controller.abort();
    };
  });
}
