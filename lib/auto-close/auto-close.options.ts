import type { AutoCloseObserver } from './auto-close.observer.js';
import type { StoreOptions } from './stores/store-options.js';
import type { AnyCloseVariant } from '../close-order/any-close-variant.js';

/** How attempts are spaced. Times are in milliseconds. */
export interface AutoCloseRetryOptions {
  /**
   * The most that the first pause takes; doubled for each further one. Half of a pause is fixed and half is chance.
   *
   * @default 1000
   */
  readonly baseMs?: number;
  /**
   * The most that any pause takes.
   *
   * @default 300000
   */
  readonly maxMs?: number;
}

/** What {@link AutoCloseModule.forRoot} takes. */
export interface AutoCloseModuleOptions {
  /** Where scheduled closes are kept. */
  readonly store: StoreOptions;
  /**
   * Whether this process closes orders that are due. An instance that only schedules has `false`; one instance at least must
   * have `true`.
   *
   * @default true
   */
  readonly worker?: boolean;
  /**
   * How many orders are closed at once in this process, from 1 to 1,000.
   *
   * @default 20
   */
  readonly concurrency?: number;
  /** Variants of your own. The nine built-in ones are there. */
  readonly variants?: readonly AnyCloseVariant[];
  /**
   * How long one attempt goes on closing and asking, in milliseconds.
   *
   * @default 20000
   */
  readonly settleWithinMs?: number;
  /** Pauses between attempts, and between calls of a handler that throws. */
  readonly retry?: AutoCloseRetryOptions;
  /**
   * After how long of trying nothing certain is waited for any more, in milliseconds. Time during which no worker ran does
   * not count.
   *
   * @default 86400000, a day
   */
  readonly giveUpAfterMs?: number;
  /**
   * How long after it was scheduled an order that WeChat Pay does not know counts as one that is just being placed, in
   * milliseconds: schedule first, then place the order.
   *
   * @default 60000
   */
  readonly notFoundAfterMs?: number;
  /**
   * How long the handler may take, in milliseconds. One that takes longer is called again later.
   *
   * @default 30000
   */
  readonly handlerTimeoutMs?: number;
  /**
   * How long a shutdown waits for what is being closed, in milliseconds. What is not done by then goes on elsewhere, or after
   * the next start.
   *
   * @default 10000
   */
  readonly drainMs?: number;
  /**
   * How long records of settled orders are kept, in milliseconds: as long, {@link AutoCloseService.outcomeOf} knows the order
   * and scheduling it again changes nothing. Orders that were given up are kept until you let go of them.
   *
   * @default 604800000, 7 days
   */
  readonly keepSettledForMs?: number;
  /** Told of what happens, for counters and histograms. */
  readonly observer?: AutoCloseObserver;
}
