import { Inject, Injectable } from '@nestjs/common';
import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, type Subscription } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { TransportSettings } from './transport-settings.js';

/** When a step is looked at, in milliseconds from its beginning, and what ends it then, if anything does. */
interface Limit {
  readonly ms: number;
  readonly fault: () => AttemptFault | undefined;
}

/** The wall-clock limit of each step of an attempt: to sign, to send and hear, to verify. */
@Injectable()
export class AttemptDeadline {
  constructor(
    @Inject(TransportSettings) private readonly settings: TransportSettings,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Ends a step that takes too long. Of one that is in time, the first value counts.
   *
   * @param what - the step, in words: "a reply", "a signature"
   * @param phase - how far the attempt is then
   * @param reason - whose fault that is: the network's, or that of the application's signer or verifier
   */
  limit<T>(what: string, phase: () => DoubtPhase, reason: DoubtReason = 'timeout'): MonoTypeOperatorFunction<T> {
    const whole = this.#whole(what, phase, reason);
    return (step) => this.#within(step, [whole]);
  }

  /**
   * Ends an exchange that takes too long, or that has no connection in time.
   *
   * @param phase - how far the attempt is
   */
  exchange<T>(phase: () => DoubtPhase): MonoTypeOperatorFunction<T> {
    const { connectMs: ms } = this.settings;
    const fault = () =>
      phase() === 'notSent'
        ? new AttemptFault('notSent', 'timeout', `There was no connection within ${ms} ms.`)
        : undefined;
    const limits = [{ ms, fault }, this.#whole('whole reply', phase, 'timeout')];
    return (step) => this.#within(step, limits);
  }

  #whole(what: string, phase: () => DoubtPhase, reason: DoubtReason): Limit {
    const { attemptMs: ms } = this.settings;
    return { ms, fault: () => new AttemptFault(phase(), reason, `There was no ${what} within ${ms} ms.`) };
  }

  /** One Observable where `timeout`, `merge` and `take` would be six: every call comes through here three times. */
  #within<T>(step: Observable<T>, limits: readonly Limit[]): Observable<T> {
    return new Observable((subscriber) => {
      let running: Subscription | undefined;
      for (const { ms, fault } of limits) {
        const look = () => {
          const found = fault();
          if (found === undefined) return;
          // What took too long ends before anybody begins anew.
          running?.unsubscribe();
          subscriber.error(found);
        };
        subscriber.add(this.scheduler.schedule(look, ms));
      }
      running = step.subscribe({
        next: (value) => {
          subscriber.next(value);
          subscriber.complete();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      return running;
    });
  }
}
