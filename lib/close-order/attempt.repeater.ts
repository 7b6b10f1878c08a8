import { Inject, Injectable } from '@nestjs/common';

import { Randomness } from '../environment/randomness.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import type { Attempt } from '../transport/attempt.js';
import { HostChoice } from '../transport/host-choice.js';
import { sentBefore } from './close-errors.js';
import type { Course } from './course.js';
import { FlowSettings } from './flow-settings.js';
import { hostReportOf } from './host-report.js';
import type { JudgedCall } from './judged-call.js';
import { RateLimitNotices } from './rate-limit-notices.js';
import { RetryBudget } from './retry-budget.js';
import { backOff, isHostTrouble, retryDelay } from './retry-policy.js';

/** Makes the attempts of a call, repeats them where that may help, and pauses between them. */
@Injectable()
export class AttemptRepeater {
  constructor(
    @Inject(FlowSettings) private readonly settings: FlowSettings,
    @Inject(RetryBudget) private readonly budget: RetryBudget,
    @Inject(RateLimitNotices) private readonly rateLimits: RateLimitNotices,
    @Inject(HostChoice) private readonly hosts: HostChoice,
    @Inject(Randomness) private readonly randomness: Randomness,
  ) {}

  /**
   * Makes attempts until one succeeds, or repeating it is of no use.
   *
   * @param course - the call that they belong to
   * @param once - makes one at an origin; it signs afresh each time
   * @param read - says what an attempt came to, or throws what it ends in
   * @throws the last attempt's error
   */
  attempts<TResult, T>(
    course: Course,
    once: (attempt: Attempt, origin: string) => Promise<TResult>,
    read: (result: TResult, call: JudgedCall) => T,
  ): Promise<T> {
    return this.#attempt(course, once, read, 1);
  }

  async #attempt<TResult, T>(
    course: Course,
    once: (attempt: Attempt, origin: string) => Promise<TResult>,
    read: (result: TResult, call: JudgedCall) => T,
    count: number,
  ): Promise<T> {
    // Given up between two steps: nothing more is sent, and nobody hears of it.
    if (course.isGivenUp) return new Promise(() => {});
    const origin = this.hosts.choose(course.host, course.failedAt);
    const attempt = course.attempt();
    const { variant, order, attempts } = course;
    let wait: number | undefined;
    try {
      const value = read(await once(attempt, origin), { variant, order, attempts });
      this.#afterSuccess(course, origin);
      return value;
    } catch (error) {
      wait = this.#afterFailure(error, course, origin, count);
    }
    if (wait === undefined) throw course.lastError;
    await course.pause(wait);
    return this.#attempt(course, once, read, count + 1);
  }

  #afterSuccess(course: Course, origin: string): void {
    course.isTrying = false;
    course.wasSent = true;
    course.failedAt = undefined;
    this.budget.earn(course.host);
    this.hosts.note(course.host, origin, 'answered');
  }

  /** @returns how long to wait for the next attempt, in milliseconds, or `undefined` if there is to be none */
  #afterFailure(error: unknown, course: Course, origin: string, made: number): number | undefined {
    this.rateLimits.note(error);
    const report = hostReportOf(error);
    course.failedAt = report === 'unreachable' || report === 'failed' ? origin : undefined;
    if (report !== undefined) this.hosts.note(course.host, origin, report);
    course.lastError = this.#asWhole(error, course);
    course.isTrying = false;
    const wait = retryDelay(error, made, this.settings.retry, this.randomness.next());
    const mayRetry = wait !== undefined && isHostTrouble(error) && this.budget.spend(course.host, error.reason);
    return mayRetry ? wait : undefined;
  }

  /**
   * Whether a query may be made about what a close ended in. After network faults it is as much of a burden as a retry.
   *
   * @param course - the call
   * @param error - of the close
   */
  mayAsk(course: Course, error: unknown): boolean {
    return !isHostTrouble(error) || this.budget.spendOnQuery(course.host);
  }

  /** An attempt that was not sent does not make a call unsent of which an earlier attempt was. */
  #asWhole(error: unknown, course: Course): unknown {
    const isUnsent = error instanceof OutcomeUnknownError && error.phase === 'notSent';
    if (isUnsent && course.wasSent) return sentBefore(error, course);
    course.wasSent ||= !isUnsent;
    return error;
  }

  /**
   * Pauses for a time that grows with each round.
   *
   * @param course - the call
   * @param round - 1 for the first
   */
  pause(course: Course, round: number): Promise<void> {
    const { baseMs, maxMs } = this.settings.retry;
    return course.pause(backOff(baseMs, maxMs, round, this.randomness.next()));
  }
}
