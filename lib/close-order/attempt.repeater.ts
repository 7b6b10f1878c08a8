import { Inject, Injectable } from '@nestjs/common';
import { mergeMap, Observable, type SchedulerLike, type Subscriber, timer } from 'rxjs';

import { Randomness } from '../environment/randomness.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import { HostChoice } from '../transport/host-choice.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
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
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Makes attempts until one succeeds, or repeating it is of no use.
   *
   * @param course - the call that they belong to
   * @param once - makes one at an origin; it signs afresh for each subscription
   * @param read - says what an attempt came to, or throws what it ends in
   * @param orElse - what to go on with after the last error, if with anything
   */
  attempts<TResult, T>(
    course: Course,
    once: (origin: string) => Observable<TResult>,
    read: (result: TResult, call: JudgedCall) => T,
    orElse: (error: unknown) => Observable<T> | undefined = () => undefined,
  ): Observable<T> {
    return new Observable((subscriber) => {
      let made = 0;
      const attempt = () => {
        made++;
        course.attempts++;
        course.isTrying = true;
        const origin = this.hosts.choose(course.host, course.failedAt);
        const call = { variant: course.variant, order: course.order, attempts: course.attempts };
        const fail = (error: unknown) =>
          telling(subscriber, () => {
            const wait = this.#afterFailure(error, course, origin, made);
            if (wait !== undefined) {
              subscriber.add(this.scheduler.schedule(() => telling(subscriber, attempt), wait));
              return;
            }
            const { lastError } = course;
            const next = orElse(lastError);
            if (next === undefined) subscriber.error(lastError);
            else next.subscribe(subscriber);
          });
        const hear = (result: TResult) => {
          let value: T;
          try {
            value = read(result, call);
            this.#afterSuccess(course, origin);
          } catch (error) {
            fail(error);
            return;
          }
          subscriber.next(value);
          subscriber.complete();
        };
        try {
          subscriber.add(once(origin).subscribe({ next: hear, error: fail }));
        } catch (error) {
          fail(error);
        }
      };
      attempt();
    });
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
   * Goes on after a pause that grows with each round.
   *
   * @param round - 1 for the first
   * @param next - what then
   */
  afterPause<T>(round: number, next: () => Observable<T>): Observable<T> {
    const { baseMs, maxMs } = this.settings.retry;
    return timer(backOff(baseMs, maxMs, round, this.randomness.next()), this.scheduler).pipe(mergeMap(next));
  }
}

/** What is thrown in a callback would otherwise reach nobody. */
function telling<T>(subscriber: Subscriber<T>, act: () => void): void {
  try {
    act();
  } catch (error) {
    subscriber.error(error);
  }
}
