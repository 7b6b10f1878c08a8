import { Inject, Injectable } from '@nestjs/common';

import type { DoubtReason } from '../answers/doubt.js';
import { Clock } from '../environment/clock.js';

const FULL = 100;
const COST = 10;
const CHEAP_COST = 5;
/** A shop with few orders has few successes, so time gives something back, too. */
const PER_SECOND = 1;

interface Purse {
  left: number;
  at: number;
}

/**
 * Limits how many retries, and queries about doubts, a host gets while it is in trouble, so that they do not add to it: each
 * costs, a success gives a little back, so does time, and with an empty purse there are none.
 *
 * @see reliability §7
 */
@Injectable()
export class RetryBudget {
  readonly #purses = new Map<string, Purse>();

  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /**
   * Pays for a retry.
   *
   * @param host - that gets it
   * @param reason - why it is needed
   * @returns whether there was enough
   */
  spend(host: string, reason: DoubtReason): boolean {
    return this.#pay(host, reason === 'rateLimited' ? CHEAP_COST : COST);
  }

  /**
   * Pays for a query about a doubt that the host's trouble led to.
   *
   * @param host - that gets it
   * @returns whether there was enough
   */
  spendOnQuery(host: string): boolean {
    return this.#pay(host, CHEAP_COST);
  }

  /** Gives a little back after a success. */
  earn(host: string): void {
    const purse = this.#purse(host);
    purse.left = Math.min(FULL, purse.left + 1);
  }

  /** What is left for a host, from 0 to 100. */
  left(host: string): number {
    return this.#purse(host).left;
  }

  #pay(host: string, cost: number): boolean {
    const purse = this.#purse(host);
    if (purse.left < cost) return false;
    purse.left -= cost;
    return true;
  }

  #purse(host: string): Purse {
    const now = this.clock.now();
    const purse = this.#purses.get(host) ?? { left: FULL, at: now };
    const seconds = Math.max(0, now - purse.at) / 1_000;
    purse.left = Math.min(FULL, purse.left + seconds * PER_SECOND);
    purse.at = now;
    this.#purses.set(host, purse);
    return purse;
  }
}
