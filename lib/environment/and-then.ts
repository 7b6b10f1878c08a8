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
  return value instanceof Promise ? value.then((known) => proceed(known)) : proceed(value);
}
