import { isObservable } from 'rxjs';

import type { BulkSource, Inputs } from './bulk-source.js';
import { IteratorInputs } from './iterator-inputs.js';
import { ObservableInputs } from './observable-inputs.js';

/**
 * Begins to read a source.
 *
 * @param source - of the requests
 * @param buffer - how many of an Observable may wait
 * @throws what the source throws when it is asked for its iterator
 */
export function openSource<T>(source: BulkSource<T>, buffer: number): Inputs<T> {
  if (isObservable(source)) return new ObservableInputs(source, buffer);
  if (Symbol.asyncIterator in source) return new IteratorInputs(source[Symbol.asyncIterator]());
  return new IteratorInputs(source[Symbol.iterator]());
}

/**
 * Whether it can be read as a source. A text is not one, though its letters can be iterated.
 *
 * @param source - as the application gave it
 */
export function isSource(source: unknown): boolean {
  if (isObservable(source)) return true;
  if (typeof source !== 'object' || source === null) return false;
  return [Symbol.asyncIterator, Symbol.iterator].some((key) => typeof Reflect.get(source, key) === 'function');
}
