import { Injectable } from '@nestjs/common';

import type { DoubtReason } from '../answers/doubt.js';

const FULL = 100;
const COST = 10;
const THROTTLED_COST = 5;

/**
 * Limits how many retries a host gets while it is in trouble, so that retries do not add to it: a retry costs, a success gives
 * a little back, and with an empty purse there are no retries.
 *
 * @see reliability §7
 */
@Injectable()
export class RetryBudget {
  readonly #purses = new Map<string, number>();

  /**
   * Pays for a retry.
   *
   * @param host - that gets it
   * @param reason - why it is needed
   * @returns whether there was enough
   */
  spend(host: string, reason: DoubtReason): boolean {
    const cost = reason === 'rateLimited' ? THROTTLED_COST : COST;
    const left = this.left(host) - cost;
    if (left < 0) return false;
    this.#purses.set(host, left);
    return true;
  }

  /** Gives a little back after a success. */
  earn(host: string): void {
    this.#purses.set(host, Math.min(FULL, this.left(host) + 1));
  }

  /** What is left for a host, from 0 to 100. */
  left(host: string): number {
    return this.#purses.get(host) ?? FULL;
  }
}
