import type { SchedulerLike } from 'rxjs';

import type { Clock } from '../../environment/clock.js';
import type { Randomness } from '../../environment/randomness.js';

/** What every store is given. */
export interface StoreEnvironment {
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Timers run on it. */
  readonly scheduler: SchedulerLike;
  /** How long settled records are kept, in milliseconds. Those of orders that were given up are kept until they are let go. */
  readonly keepSettledForMs: number;
  /** Tells the operator of trouble that the store goes on after, in one sentence that says what to do. */
  report(problem: string): void;
}
