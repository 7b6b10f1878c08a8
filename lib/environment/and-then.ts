import { types } from 'node:util';

/**
 * Goes on with something at once where it is known already, and when it is known where it is not. What takes no time is worth
 * neither a promise nor a turn of the microtask queue, of which a close has enough.
 *
 * @param value - known, or to be known
 * @param proceed - what then; what it throws is thrown, or rejects
 */
export function andThen<T, TNext>(
  value: T | Promise<T>,
  proceed: (known: T) => TNext | Promise<TNext>,
): TNext | Promise<TNext> {
  return isPromise(value) ? value.then((known) => proceed(known)) : proceed(value);
}

/** Whether a value is a promise of Node's, or of what an application has put in the place of `Promise`. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return value instanceof Promise || types.isPromise(value);
}

/** Whether `await` may have something to wait for in what an application's own code has returned. */
export function mayBeAwaited(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Waits for what an application's own code has returned, whatever it is. `Promise.resolve` would hand back such a promise as it is,
 * and its own `then` would be called here and now.
 */
export async function awaited(value: unknown): Promise<unknown> {
  return await value;
}
