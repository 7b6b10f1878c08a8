import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { CLOCK_WINDOW_SECONDS } from '../wechat-pay.constants.js';

/** A reply is believed for 300 s to either side of its time, so a nonce can come back for twice that. */
const LIFETIME_MS = 2 * CLOCK_WINDOW_SECONDS * 1_000;
const MOST_NONCES = 100_000;

/**
 * Remembers which signed replies have been seen. A signed 204 names no order, so the same one could be served again for
 * another order; its nonce gives it away. The memory is of this process alone.
 *
 * @see reliability §4.1
 */
@Injectable()
export class NonceMemory {
  /** When each was seen, oldest first. */
  readonly #seen = new Map<string, number>();

  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /**
   * Notes a reply whose signature was verified.
   *
   * @param serial - of the key that signed it
   * @param nonce - `Wechatpay-Nonce`
   * @returns whether it had not been seen before
   */
  isFresh(serial: string, nonce: string): boolean {
    const now = this.clock.now();
    this.#forget(now);
    const key = `${serial}\n${nonce}`;
    if (this.#seen.has(key)) return false;
    this.#seen.set(key, now);
    return true;
  }

  #forget(now: number): void {
    for (const [key, seenAt] of this.#seen) {
      if (now - seenAt < LIFETIME_MS && this.#seen.size < MOST_NONCES) return;
      this.#seen.delete(key);
    }
  }
}
