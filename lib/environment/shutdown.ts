import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  firstValueFrom,
  map,
  merge,
  type MonoTypeOperatorFunction,
  Observable,
  of,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  type Subscription,
  take,
  timer,
} from 'rxjs';

import { Holder } from './holder.js';
import { whenTurnEnds } from './when-turn-ends.js';
import { WECHAT_PAY_SCHEDULER, WECHAT_PAY_SHUTDOWN_MS } from '../wechat-pay.constants.js';

/**
 * Ends what is under way when the application shuts down. Nest calls it after HTTP has stopped serving: from then on no
 * call begins, those under way have a grace to end by themselves, and what is left then ends with an error.
 *
 * @see reliability §8.8
 */
@Injectable()
export class Shutdown implements OnApplicationShutdown {
  readonly #begun = new ReplaySubject<void>(1);
  /** Ends each call that is under way. */
  readonly #running = new Holder<() => void>();
  readonly #idle = new Subject<void>();
  #end: Promise<void> | undefined;

  constructor(
    @Inject(WECHAT_PAY_SHUTDOWN_MS) private readonly graceMs: number,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Counts a call among those that are under way.
   *
   * @param cut - ends it, called where the grace is over before it is
   * @returns what to call when it has ended; nothing where the shutdown has begun, and no call may begin
   */
  enter(cut: () => void): (() => void) | undefined {
    if (this.#end !== undefined) return undefined;
    const place = this.#running.add(cut);
    return () => {
      this.#running.letGo(place);
      if (this.#running.size === 0) this.#idle.next();
    };
  }

  /**
   * Lets a call go on for the grace, and ends it with an error after that. One that has not begun does not begin.
   *
   * @param error - what it ends in then
   */
  ends<T>(error: () => unknown): MonoTypeOperatorFunction<T> {
    return (call) =>
      new Observable((subscriber) => {
        let course: Subscription | undefined;
        const leave = this.enter(() => {
          course?.unsubscribe();
          subscriber.error(error());
        });
        if (leave === undefined) {
          subscriber.error(error());
          return;
        }
        subscriber.add(leave);
        course = call.subscribe({
          next: (value) => {
            subscriber.next(value);
            subscriber.complete();
          },
          error: (failure: unknown) => subscriber.error(failure),
          complete: () => subscriber.complete(),
        });
        return course;
      });
  }

  /**
   * Ends a wait with an error as soon as the shutdown begins.
   *
   * @param error - what it ends in then
   */
  endsAtOnce<T>(error: () => unknown): MonoTypeOperatorFunction<T> {
    return (wait) => firstOf(wait, this.#begun, error);
  }

  /** Resolves when every call has ended and those who wait for them have heard of it. The first to ask begins it. */
  over(): Promise<void> {
    this.#end ??= this.#endAll();
    return this.#end;
  }

  onApplicationShutdown(): Promise<void> {
    return this.over();
  }

  async #endAll(): Promise<void> {
    this.#begun.next();
    const allEnded: Observable<void> = this.#running.size === 0 ? of(undefined) : this.#idle;
    await firstValueFrom(merge(allEnded, timer(this.graceMs, this.scheduler)));
    for (const cut of this.#running) cut();
    await new Promise<void>(whenTurnEnds);
  }
}

function firstOf<T>(call: Observable<T>, end: Observable<void>, error: () => unknown): Observable<T> {
  const ended = end.pipe(
    map((): never => {
      throw error();
    }),
  );
  return merge(ended, call).pipe(take(1));
}
