import type { SchedulerLike } from 'rxjs';

import { later } from '../environment/later.js';
import { type Abandonable, Undertaking } from '../environment/undertaking.js';
import type { OrderReference } from '../errors/order-reference.js';
import { Attempt } from '../transport/attempt.js';
import type { HostRole } from '../transport/transport-settings.js';
import type { CloseVariant } from './close-variant.js';

/** A call under way: which order, and what has become of it so far. */
export class Course extends Undertaking<Abandonable> {
  readonly variant: string;
  /** Which of WeChat Pay's hosts serves it. */
  readonly host: HostRole;
  /** The origin that the last attempt met a network fault at, if it did. */
  failedAt: string | undefined;
  /** Attempts that were begun. */
  attempts = 0;
  /** Whether an attempt is under way. */
  isTrying = false;
  /** Whether WeChat Pay may have seen one of the attempts. */
  wasSent = false;
  /** What the last attempt that failed ended in. */
  lastError: unknown;

  /**
   * @param variant - the endpoint
   * @param order - which order
   * @param scheduler - tells time
   */
  constructor(
    variant: Pick<CloseVariant<never>, 'name' | 'host'>,
    readonly order: OrderReference,
    private readonly scheduler: SchedulerLike,
  ) {
    super();
    this.variant = variant.name;
    this.host = variant.host;
  }

  /** An attempt that begins, and is given up with the call. */
  attempt(): Attempt {
    this.attempts++;
    this.isTrying = true;
    const attempt = new Attempt();
    this.begin(attempt);
    return attempt;
  }

  /**
   * Waits.
   *
   * @param ms - how long, in milliseconds
   */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = later(this.scheduler, ms, resolve);
      this.begin({ giveUp: () => timer.unsubscribe() });
    });
  }
}
