import { Observable } from 'rxjs';

/** Follows one subscription. One of the three ends it, before the subscriber hears of it. */
export interface Watch<T> {
  within(run: () => void): void;
  outside(run: () => void): void;
  emitted(value: T): void;
  failed(error: unknown): void;
  unsubscribed(): void;
}

/**
 * Follows each subscription to an Observable of one value.
 *
 * @param source - what is followed
 * @param watch - of this subscription
 */
export function watched<T>(source: Observable<T>, watch: Watch<T>): Observable<T> {
  return new Observable((subscriber) => {
    let isOver = false;
    const end = (tell: () => void): void => {
      if (isOver) return;
      isOver = true;
      tell();
    };
    watch.within(() => {
      subscriber.add(
        source.subscribe({
          next: (value) => {
            end(() => watch.emitted(value));
            watch.outside(() => subscriber.next(value));
          },
          error: (error: unknown) => {
            end(() => watch.failed(error));
            watch.outside(() => subscriber.error(error));
          },
          complete: () => {
            end(() => watch.unsubscribed());
            watch.outside(() => subscriber.complete());
          },
        }),
      );
    });
    return () => end(() => watch.unsubscribed());
  });
}
