import { Observable } from 'rxjs';

import type { Abandonable } from './undertaking.js';

/**
 * Hears how something ends: once, and then nothing more. Inside the library it stands for the observer of an Observable of one value,
 * which costs several times as much.
 */
export interface Ear<T> {
  /** It came to something. */
  heard(value: T): void;
  /** It failed. */
  failed(error: unknown): void;
}

/**
 * What an ear hears, as an Observable.
 *
 * @param begin - called for each subscription; what it returns is given up when that ends
 */
export function heardBy<T>(begin: (ear: Ear<T>) => Abandonable): Observable<T> {
  return new Observable((subscriber) => {
    const underWay = begin({
      heard: (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      failed: (error) => subscriber.error(error),
    });
    return () => underWay.giveUp();
  });
}

/**
 * Has an ear hear an Observable of one value.
 *
 * @param source - subscribed to at once
 * @param ear - hears it
 * @returns unsubscribes
 */
export function listen<T>(source: Observable<T>, ear: Ear<T>): Abandonable {
  const listening = source.subscribe({
    next: (value) => ear.heard(value),
    error: (error: unknown) => ear.failed(error),
  });
  return { giveUp: () => listening.unsubscribe() };
}
