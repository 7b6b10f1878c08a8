import { defer, type Observable } from 'rxjs';

import type { CallLog } from './call-log.js';
import type { CallEnd, CallOperation, CallObserver, CallResult } from './call-observer.js';
import { harmlessly, type Surround, within } from './harmlessly.js';
import { observedCall, type ObservedCall, surroundsOf, UNOBSERVED } from './observed-call.js';
import { watched } from './watched.js';

/** Tells the module's own log, and the observers of the application, what calls do. Without observers it costs next to nothing. */
export class CallWatch {
  readonly #sending: readonly Surround[];

  /**
   * @param log - hears of calls that failed
   * @param observers - each hears of everything
   */
  constructor(
    private readonly log: CallLog,
    private readonly observers: readonly CallObserver[],
  ) {
    this.#sending = surroundsOf(observers, 'sending');
  }

  /**
   * Follows a call.
   *
   * @param operation - what is asked
   * @param variant - of which variant
   * @param begin - makes the call; its attempts are to be followed through what it is given
   * @returns a cold Observable
   */
  call<T extends CallResult>(
    operation: CallOperation,
    variant: { readonly name: string },
    begin: (observed: ObservedCall) => Observable<T>,
  ): Observable<T> {
    const facts = () => ({ operation, variant: harmlessly(() => variant.name) ?? '' });
    const failed = (error: unknown) => harmlessly(() => this.log.note(facts(), error));
    if (this.observers.length === 0) return begin({ ...UNOBSERVED, failed });
    return defer(() => {
      const call = facts();
      const observations = this.observers.flatMap((observer) => harmlessly(() => observer.begin(call)) ?? []);
      if (observations.length === 0) return begin({ ...UNOBSERVED, failed });
      const end = (told: CallEnd) => {
        for (const observation of observations) harmlessly(() => observation.end(told));
      };
      return watched(begin({ ...observedCall(observations), failed }), {
        within: (run) => within(surroundsOf(observations, 'within'), run),
        outside: (run) => within(surroundsOf(observations, 'outside'), run),
        // A copy: what an observer does to it must not be what the caller gets.
        emitted: (result) => end({ kind: 'emitted', result: { ...result, order: { ...result.order } } }),
        failed: (error) => end({ kind: 'failed', error }),
        unsubscribed: () => end({ kind: 'unsubscribed' }),
      });
    });
  }

  /**
   * Runs what puts a signed request on the wire.
   *
   * @param run - what does so
   * @returns what it returns
   */
  sending<T>(run: () => T): T {
    return within(this.#sending, run);
  }
}
