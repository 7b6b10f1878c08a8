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
 * It goes by the key that signed, not by the merchant that asked. One APIv3 platform key signs for many merchants, and the
 * reply to a close names none of them, so what was believed for one of them must not be believed for another. In APIv2 every
 * merchant has a key of its own, and there the merchant's number stands for it. Merchants with different keys never meet here.
 *
 * @see reliability §4.1
 */
@Injectable()
export class ReplyMemory {
  /** When each was seen. */
  readonly #seen = new Map<string, number>();
  /** In the order in which they were seen, in a ring that begins at the oldest. */
  readonly #ring: string[] = [];
  #oldest = 0;

  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /**
   * Notes a reply whose signature was verified.
   *
   * @param signer - APIv3: the serial of the key that signed it; APIv2: the merchant whose key did
   * @param mark - what never repeats: APIv3 `Wechatpay-Nonce`, APIv2 `sign`
   * @returns whether it had not been seen before
   */
  isFresh(signer: string, mark: string): boolean {
    const now = this.clock.now();
    this.#forget(now);
    const key = `${signer}\n${mark}`;
    if (this.#seen.has(key)) return false;
    this.#ring[(this.#oldest + this.#seen.size) % MOST_REPLIES] = key;
    this.#seen.set(key, now);
    return true;
  }

  #forget(now: number): void {
    while (this.#seen.size > 0) {
      const key = this.#ring[this.#oldest] ?? '';
      const seenAt = this.#seen.get(key) ?? -Infinity;
      if (now - seenAt < LIFETIME_MS && this.#seen.size < MOST_REPLIES) return;
      this.#seen.delete(key);
      this.#ring[this.#oldest] = '';
      this.#oldest = (this.#oldest + 1) % MOST_REPLIES;
    }
  }
}
