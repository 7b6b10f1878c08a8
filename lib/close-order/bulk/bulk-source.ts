import type { Observable } from 'rxjs';

/**
 * Where the requests of a bulk close come from. Iterables, such as arrays and generators, and async iterables, such as database
 * cursors and streams of Node.js, are pulled only as capacity frees. An Observable pushes: what it emits too early waits in
 * memory, up to `options.buffer`.
 */
export type BulkSource<TRequest> = Observable<TRequest> | Iterable<TRequest> | AsyncIterable<TRequest>;

/** A source as it is read: one input at a time. */
export interface Inputs<TRequest> {
  /** The next input. It is asked for the next one only once the last has been given. */
  next(): Promise<IteratorResult<TRequest, unknown>>;
  /** Ends it: a `next` that waits is done, the source's own iterator or subscription is told. */
  stop(): void;
}
