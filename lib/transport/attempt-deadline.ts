import { Inject, Injectable } from '@nestjs/common';
import type { SchedulerLike } from 'rxjs';

import { isPromise } from '../environment/and-then.js';
import type { Batch } from '../environment/batch.js';
import type { Ear } from '../environment/ear.js';
import { later, stopwatch } from '../environment/later.js';
import { Traffic } from '../environment/traffic.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import type { Attempt } from './attempt.js';
import { type AttemptStep, StepUnderWay } from './step-under-way.js';
import { TransportSettings } from './transport-settings.js';

/** The wall-clock limit of each step of an attempt: to sign, to send and hear, to verify. */
@Injectable()
export class AttemptDeadline {
  constructor(
    @Inject(TransportSettings) private readonly settings: TransportSettings,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
    @Inject(Traffic) private readonly traffic: Traffic,
  ) {}

  /**
   * Ends a step that takes too long.
   *
   * @param attempt - whose step it is; if it is given up, nothing comes of the step any more
   * @param step - that has begun
   * @param result - what comes of it, or has come of it at once
   * @throws {@link AttemptFault}, or what the step fails with
   */
  limit<T>(attempt: Attempt, step: AttemptStep, result: T | Promise<T>): T | Promise<T> {
    if (!isPromise(result)) return result;
    const { signing, verifying } = this.traffic;
    const batch = step.phase === 'notSent' ? signing : verifying;
    return this.#within<T>(attempt, step, false, batch, (ear) => {
      result.then(
        (value) => ear.heard(value),
        (error: unknown) => ear.failed(error),
      );
    });
  }

  /**
   * Ends an exchange that takes too long, or that has no connection in time.
   *
   * @param attempt - whose step it is; if it is given up, nothing comes of the step any more
   * @param step - that begins
   * @param run - begins it, and tells how it ends
   * @throws {@link AttemptFault}, or what the step fails with
   */
  exchange<T>(attempt: Attempt, step: AttemptStep, run: (ear: Ear<T>) => void): Promise<T> {
    return this.#within(attempt, step, true, this.traffic.sending, run);
  }

  #within<T>(
    attempt: Attempt,
    step: AttemptStep,
    connects: boolean,
    batch: Batch,
    run: (ear: Ear<T>) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const begunAt = stopwatch(this.scheduler);
      const underWay = new StepUnderWay<T>(attempt, step, connects, this.settings, begunAt, batch, resolve, reject);
      batch.begin();
      attempt.begin(underWay);
      this.#watch(attempt, Infinity);
      try {
        run(underWay);
      } catch (error) {
        underWay.failed(error);
      }
    });
  }

  /**
   * Has a timer look after the attempt. One serves all its steps: it looks often enough to be in time for one that begins after it was
   * set.
   */
  #watch(attempt: Attempt, ms: number): void {
    const { attemptMs, connectMs } = this.settings;
    if (attempt.isGivenUp) return;
    attempt.watch ??= later(this.scheduler, Math.min(ms, attemptMs, connectMs), () => {
      attempt.watch = undefined;
      const again = attempt.step?.look(stopwatch(this.scheduler));
      if (again !== undefined) this.#watch(attempt, again);
    });
  }
}
