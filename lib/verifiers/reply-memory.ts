import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { CLOCK_WINDOW_SECONDS } from '../wechat-pay.constants.js';

/** An APIv3 reply is believed for 300 s to either side of its time, so it can come back for twice that. */
const LIFETIME_MS = 2 * CLOCK_WINDOW_SECONDS * 1_000;
const MOST_REPLIES = 100_000;

/**
 * Remembers which signed replies have been seen. The reply to a close names no order, so the same one could be served again
 * for another order; that it has come before gives it away. The memory is of this process alone.
 *
 * @see reliability §4.1
 */
@Injectable()
export class ReplyMemory {
  #young = new Set<string>();
  #old = new Set<string>();
  #turnedAt = -Infinity;

  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /**
   * Notes a reply whose signature was verified.
   *
   * @param signer - APIv3: the serial of the key that signed it; APIv2: the merchant whose key did
   * @param mark - what never repeats: APIv3 `Wechatpay-Nonce`, APIv2 `sign`
   * @returns whether it had not been seen before
   */
  isFresh(signer: string, mark: string): boolean {
    this.#turn();
    const key = `${signer}\n${mark}`;
    if (this.#young.has(key) || this.#old.has(key)) return false;
    this.#young.add(key);
    return true;
  }

  /** Two generations, so that forgetting costs nothing: each is kept for at least a lifetime, or until it is full. */
  #turn(): void {
    const now = this.clock.now();
    if (now - this.#turnedAt < LIFETIME_MS && this.#young.size < MOST_REPLIES / 2) return;
    this.#old = this.#young;
    this.#young = new Set();
    this.#turnedAt = now;
  }
}
