import { Inject, Injectable } from '@nestjs/common';
import type { SchedulerLike } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import { isPromise } from '../environment/and-then.js';
import { later, stopwatch } from '../environment/later.js';
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
    return new Promise((resolve, reject) => {
      const begunAt = stopwatch(this.scheduler);
      let isOver = false;
      const end = () => {
        isOver = true;
        attempt.at(undefined);
        attempt.look = undefined;
      };
      const late = (explanation: string) => {
        const fault = new AttemptFault(step.phase(), step.reason, explanation);
        end();
        step.stop?.();
        reject(fault);
        return undefined;
      };
      attempt.look = () => {
        const { attemptMs, connectMs } = this.settings;
        const soFar = stopwatch(this.scheduler) - begunAt;
        if (soFar >= attemptMs) return late(`There was no ${step.what} within ${attemptMs} ms.`);
        if (!connects || step.phase() !== 'notSent') return attemptMs - soFar;
        if (soFar >= connectMs) return late(`There was no connection within ${connectMs} ms.`);
        return Math.min(connectMs, attemptMs) - soFar;
      };
      attempt.at(() => {
        isOver = true;
        step.stop?.();
      });
      this.#watch(attempt, Math.min(this.settings.connectMs, this.settings.attemptMs));
      // Nothing comes of what is late, or of what nobody waits for.
      const unlessOver = (tell: () => void) => {
        if (isOver) return;
        end();
        tell();
      };
      result.then(
        (value) => unlessOver(() => resolve(value)),
        (error: unknown) => unlessOver(() => reject(error)),
      );
    });
  }

  /**
   * Looks after the step that the attempt is at. One timer serves all its steps, and looks again often enough to be in time for a step
   * that began after it was set.
   */
  #watch(attempt: Attempt, ms: number): void {
    if (attempt.isGivenUp) return;
    attempt.watch ??= later(this.scheduler, ms, () => {
      attempt.watch = undefined;
      const left = attempt.look?.();
      const { attemptMs, connectMs } = this.settings;
      if (left !== undefined) this.#watch(attempt, Math.min(left, connectMs, attemptMs));
    });
  }
}
