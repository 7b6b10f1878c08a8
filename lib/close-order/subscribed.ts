import { of, type Subscriber } from 'rxjs';

import type { Ear } from '../environment/ear.js';
import type { ObservedCall } from '../observability/observed-call.js';
import { typed } from './close-errors.js';

/** Whoever has subscribed to a call. */
export class Subscribed<T> implements Ear<T> {
  /**
   * @param subscriber - of the caller
   * @param variant - that was called
   * @param observed - hears of a failure first
   */
  constructor(
    private readonly subscriber: Subscriber<T>,
    private readonly variant: { readonly name: string },
    private readonly observed: ObservedCall,
  ) {}

  heard(value: T): void {
    try {
      this.subscriber.next(value);
      this.subscriber.complete();
    } catch (error) {
      report(error);
    }
  }

  /** A variant of the application's own may throw anything. */
  failed(error: unknown): void {
    if (this.subscriber.closed) return;
    const known = typed(error, { variant: nameOf(this.variant), order: {}, attempts: 0 });
    this.observed.failed(known);
    try {
      this.subscriber.error(known);
    } catch (teardownError) {
      report(teardownError);
    }
  }
}

/**
 * A teardown of the caller's own has thrown. That must not keep others from hearing of the end, so RxJS reports it, as it reports
 * whatever a subscriber throws.
 */
function report(error: unknown): void {
  of(undefined).subscribe(() => {
    throw error;
  });
}

/** Where the name is what fails, or there is no variant at all, the error has to do without. */
function nameOf(variant: { readonly name: string }): string {
  try {
    return variant.name;
  } catch {
    return '';
  }
}
