import { Observable } from 'rxjs';

/**
 * Runs a step that can be told to stop.
 *
 * @param step - is given a function that makes its signal, which is aborted when the step's result is no longer waited for.
 * Most steps never ask for one, and it costs more than all the rest here
 * @returns a cold Observable of the result; what comes of the step after that is ignored, an error too
 */
export function abortable<T>(step: (signal: () => AbortSignal) => Promise<T>): Observable<T> {
  return new Observable((subscriber) => {
    let controller: AbortController | undefined;
    let isUnderWay = true;
    let isGivenUp = false;
    const signal = () => {
      controller ??= new AbortController();
      if (isGivenUp) controller.abort();
      return controller.signal;
    };
    const end = (tell: () => void) => {
      isUnderWay = false;
      tell();
    };
    step(signal).then(
      (result) =>
        end(() => {
          subscriber.next(result);
          subscriber.complete();
        }),
      (error: unknown) => end(() => subscriber.error(error)),
    );
    return () => {
      isGivenUp = isUnderWay;
      if (isGivenUp) controller?.abort();
    };
  });
}
