import { Inject, Injectable } from '@nestjs/common';
import type { SchedulerLike } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import { isPromise } from '../environment/and-then.js';
import { later } from '../environment/later.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import type { Attempt } from './attempt.js';
import { TransportSettings } from './transport-settings.js';

/** A step of an attempt. */
export interface AttemptStep<T> {
  /** In words, as in "there was no …": "whole reply", "signature". */
  readonly what: string;
  /** What comes of it, or has come of it at once. */
  readonly result: T | Promise<T>;
  /** How far the attempt is then. */
  readonly phase: () => DoubtPhase;
  /** Whose fault it is if the step takes too long: the network's, or that of the application's signer or verifier. */
  readonly reason: DoubtReason;
  /** Ends the step. */
  readonly stop?: () => void;
}

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
   * @param attempt - whose step it is; if it is given up, nothing comes of the step any more
   * @param step - that has begun
   * @throws {@link AttemptFault}, or what the step fails with
   */
  limit<T>(attempt: Attempt, step: AttemptStep<T>): T | Promise<T> {
    return isPromise(step.result) ? this.#within(attempt, step, step.result, false) : step.result;
  }

  /**
   * Ends an exchange that takes too long, or that has no connection in time.
   *
   * @param attempt - whose step it is; if it is given up, nothing comes of the step any more
   * @param step - that has begun
   * @throws {@link AttemptFault}, or what the step fails with
   */
  exchange<T>(attempt: Attempt, step: AttemptStep<T>): T | Promise<T> {
    return isPromise(step.result) ? this.#within(attempt, step, step.result, true) : step.result;
  }

  #within<T>(attempt: Attempt, step: AttemptStep<T>, result: Promise<T>, connects: boolean): Promise<T> {
    const { attemptMs, connectMs } = this.settings;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = () => {
        isOver = true;
        timer.unsubscribe();
      };
      const settle = (tell: () => void) => {
        // Late, or nobody waits for it.
        if (isOver) return;
        end();
        attempt.at(undefined);
        tell();
      };
      const halt = (explanation: string) => {
        const fault = new AttemptFault(step.phase(), step.reason, explanation);
        step.stop?.();
        settle(() => reject(fault));
      };
      const late = () => halt(`There was no ${step.what} within ${attemptMs} ms.`);
      // One timer at a time: the whole limit begins to count down where there is a connection in time.
      const unconnected = () => {
        if (step.phase() === 'notSent') halt(`There was no connection within ${connectMs} ms.`);
        else timer = later(this.scheduler, attemptMs - connectMs, late);
      };
      let timer =
        connects && connectMs < attemptMs
          ? later(this.scheduler, connectMs, unconnected)
          : later(this.scheduler, attemptMs, late);
      attempt.at(() => {
        end();
        step.stop?.();
      });
      result.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }
}
