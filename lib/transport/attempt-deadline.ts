import { Inject, Injectable } from '@nestjs/common';
import {
  filter,
  map,
  merge,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
  take,
  throwError,
  timeout,
  timer,
} from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { TransportSettings } from './transport-settings.js';

/** The wall-clock limit of each step of an attempt: to sign, to send and hear, to verify. */
@Injectable()
export class AttemptDeadline {
  constructor(
    @Inject(TransportSettings) private readonly settings: TransportSettings,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Ends a step that takes too long.
   *
   * @param what - the step, in words: "a reply", "a signature"
   * @param phase - how far the attempt is then
   * @param reason - whose fault that is: the network's, or that of the application's signer or verifier
   */
  limit<T>(what: string, phase: () => DoubtPhase, reason: DoubtReason = 'timeout'): MonoTypeOperatorFunction<T> {
    const { attemptMs } = this.settings;
    return timeout({
      first: attemptMs,
      scheduler: this.scheduler,
      with: () => throwError(() => new AttemptFault(phase(), reason, `There was no ${what} within ${attemptMs} ms.`)),
    });
  }

  /**
   * Ends an attempt that has no connection in time.
   *
   * @param phase - how far the attempt is
   */
  connect<T>(phase: () => DoubtPhase): MonoTypeOperatorFunction<T> {
    const { connectMs } = this.settings;
    const tooLate = timer(connectMs, this.scheduler).pipe(
      filter(() => phase() === 'notSent'),
      map(() => {
        throw new AttemptFault('notSent', 'timeout', `There was no connection within ${connectMs} ms.`);
      }),
    );
    return (reply) => merge(reply, tooLate).pipe(take(1));
  }
}
