import { Inject, Injectable } from '@nestjs/common';
import { type SchedulerLike, Subscription } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import type { Attempt } from './attempt.js';
import { TransportSettings } from './transport-settings.js';

/** A step of an attempt. */
export interface AttemptStep<T> {
  /** In words, as in "there was no …": "whole reply", "signature". */
  readonly what: string;
  readonly result: Promise<T>;
  /** How far the attempt is then. */
  readonly phase: () => DoubtPhase;
  /** Whose fault it is if the step takes too long: the network's, or that of the application's signer or verifier. */
  readonly reason: DoubtReason;
  /** Ends the step. */
  readonly stop?: () => void;
}

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
   * Ends a step that takes too long.
   *
   * @param attempt - whose step it is; if it is given up, nothing comes of the step any more
   * @param step - that has begun
   * @throws {@link AttemptFault}, or what the step fails with
   */
  limit<T>(attempt: Attempt, step: AttemptStep<T>): Promise<T> {
    return this.#within(attempt, step, [this.#whole(step)]);
  }

  /**
   * Ends an exchange that takes too long, or that has no connection in time.
   *
   * @param attempt - whose step it is; if it is given up, nothing comes of the step any more
   * @param step - that has begun
   * @throws {@link AttemptFault}, or what the step fails with
   */
  exchange<T>(attempt: Attempt, step: AttemptStep<T>): Promise<T> {
    const { connectMs: ms } = this.settings;
    const fault = () =>
      step.phase() === 'notSent'
        ? new AttemptFault('notSent', 'timeout', `There was no connection within ${ms} ms.`)
        : undefined;
    return this.#within(attempt, step, [{ ms, fault }, this.#whole(step)]);
  }

  #whole({ what, phase, reason }: Omit<AttemptStep<never>, 'result'>): Limit {
    const { attemptMs: ms } = this.settings;
    return { ms, fault: () => new AttemptFault(phase(), reason, `There was no ${what} within ${ms} ms.`) };
  }

  #within<T>(attempt: Attempt, { result, stop }: AttemptStep<T>, limits: readonly Limit[]): Promise<T> {
    return new Promise((resolve, reject) => {
      const clocks = new Subscription();
      let isOver = false;
      const end = (tell: () => void) => {
        // Late, or nobody waits for it.
        if (isOver || attempt.isGivenUp) return;
        isOver = true;
        clocks.unsubscribe();
        attempt.at(undefined);
        tell();
      };
      for (const { ms, fault } of limits) {
        const look = () => {
          const found = fault();
          if (found === undefined) return;
          stop?.();
          end(() => reject(found));
        };
        clocks.add(this.scheduler.schedule(look, ms));
      }
      attempt.at(() => {
        clocks.unsubscribe();
        stop?.();
      });
      result.then(
        (value) => end(() => resolve(value)),
        (error: unknown) => end(() => reject(error)),
      );
    });
  }
}
