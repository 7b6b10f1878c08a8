import type { Observable, SchedulerLike } from 'rxjs';

import type { Clock } from '../../environment/clock.js';
import { Pace } from './pace.js';

/** Beyond this many merchants, those that are idle are forgotten. */
const MOST_IDLE = 1_000;

/** The pace of each merchant in one bulk close, since WeChat Pay counts by merchant. */
export class Paces {
  readonly #paces = new Map<string, Pace>();

  /**
   * @param ceiling - the most of each, in closes a second
   * @param clock - what time it is
   * @param scheduler - that waits
   */
  constructor(
    private readonly ceiling: number,
    private readonly clock: Clock,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** Emits once and completes, when a close of the merchant may begin. */
  turn(mchid = ''): Observable<void> {
    return this.#of(mchid).turn();
  }

  /** WeChat Pay finds the merchant's requests too frequent. */
  slowDown(mchid = ''): void {
    this.#paces.get(mchid)?.slowDown();
  }

  #of(mchid: string): Pace {
    const known = this.#paces.get(mchid);
    if (known !== undefined) return known;
    if (this.#paces.size >= MOST_IDLE) this.#forgetIdle();
    const pace = new Pace(this.ceiling, this.clock, this.scheduler);
    this.#paces.set(mchid, pace);
    return pace;
  }

  #forgetIdle(): void {
    for (const [mchid, pace] of this.#paces) if (pace.isIdle) this.#paces.delete(mchid);
  }
}
