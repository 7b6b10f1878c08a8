import { Observable, type SchedulerLike, type Subscriber, type Subscription, timer } from 'rxjs';

import type { Clock } from '../../environment/clock.js';
import { cut, grown, type Rate, uncut } from './rate.js';

/** How much may be made up for when timers are late, as a share of a second. */
const CATCH_UP_S = 0.02;

/** Lets the closes of one merchant begin one after the other, no faster than its rate. */
export class Pace {
  readonly #waiting = new Set<Subscriber<void>>();
  #timer: Subscription | undefined;
  #rate: Rate;
  #tokens = 1;
  #filledAt: number;
  #window: { readonly start: number; readonly last: number; count: number };

  /**
   * @param ceiling - the most, in closes a second
   * @param clock - what time it is
   * @param scheduler - that waits
   */
  constructor(
    private readonly ceiling: number,
    private readonly clock: Clock,
    private readonly scheduler: SchedulerLike,
  ) {
    this.#rate = uncut(ceiling);
    this.#filledAt = clock.now();
    this.#window = { start: this.#filledAt, last: 0, count: 0 };
  }

  /** How many closes may begin in a second at present. */
  get perSecond(): number {
    return grown(this.#rate, this.ceiling, this.clock.now());
  }

  /** Whether nobody would miss it: it waits for nothing and remembers nothing. */
  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.perSecond === this.ceiling;
  }

  /** Emits once and completes, when a close may begin. First come, first served; who unsubscribes loses the turn. */
  turn(): Observable<void> {
    return new Observable((subscriber) => {
      this.#waiting.add(subscriber);
      this.#serve();
      return () => {
        this.#waiting.delete(subscriber);
        if (this.#waiting.size === 0) this.#endTimer();
      };
    });
  }

  /** WeChat Pay finds requests too frequent. */
  slowDown(): void {
    const now = this.clock.now();
    this.#rollWindow(now);
    this.#rate = cut(this.#rate, this.ceiling, Math.max(this.#window.last, this.#window.count), now);
  }

  #serve(): void {
    for (const subscriber of this.#waiting) {
      if (this.#timer !== undefined) return;
      const wait = this.#waitForToken();
      if (wait > 0) {
        this.#timer = timer(wait, this.scheduler).subscribe(() => {
          this.#timer = undefined;
          this.#serve();
        });
        return;
      }
      this.#tokens--;
      this.#window.count++;
      this.#waiting.delete(subscriber);
      subscriber.next();
      subscriber.complete();
    }
  }

  /** Milliseconds until the next close may begin. */
  #waitForToken(): number {
    const now = this.clock.now();
    this.#rollWindow(now);
    // A clock that was set back must not keep a cut rate from growing until it is where it was.
    const setBack = this.#filledAt - now;
    if (setBack > 0) this.#rate = { ...this.#rate, since: this.#rate.since - setBack };
    const { perSecond } = this;
    const seconds = Math.max(0, now - this.#filledAt) / 1_000;
    this.#filledAt = now;
    this.#tokens = Math.min(Math.max(1, perSecond * CATCH_UP_S), this.#tokens + seconds * perSecond);
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / perSecond) * 1_000);
  }

  /** Counts by the second. */
  #rollWindow(now: number): void {
    const { start, count } = this.#window;
    if (now - start < 1_000 && now >= start) return;
    this.#window = { start: now, last: now - start < 2_000 && now >= start ? count : 0, count: 0 };
  }

  #endTimer(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}
