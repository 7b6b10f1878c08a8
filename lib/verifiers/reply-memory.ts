import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { CLOCK_WINDOW_SECONDS } from '../wechat-pay.constants.js';
import { SeenMarks } from './seen-marks.js';

/** An APIv3 reply is believed for 300 s to either side of its time, so it can come back for twice that. */
const LIFETIME_MS = 2 * CLOCK_WINDOW_SECONDS * 1_000;
/** Of the latest; twice as many are kept at most. */
const FEWEST_REPLIES = 100_000;

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
  readonly #dated = new SeenMarks(FEWEST_REPLIES, LIFETIME_MS);
  readonly #undated = new SeenMarks(FEWEST_REPLIES, Infinity);
  /** A short name for each signer. There are as many as keys and merchants. */
  readonly #signers = new Map<string, number>();

  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /**
   * Notes an APIv3 reply whose signature was verified. It is not forgotten before its time makes it unbelievable,
   * unless 100,000 others come within that time.
   *
   * @param key - the fingerprint of the key that signed it
   * @param nonce - `Wechatpay-Nonce`, which never repeats
   * @returns whether it had not been seen before
   */
  isFresh(key: string, nonce: string): boolean {
    return this.#dated.isNew(this.#markOf(key, nonce), this.clock.now());
  }

  /**
   * Notes an APIv2 reply whose signature was verified. Such a reply carries no time, so its age makes nothing of it unbelievable:
   * it is forgotten only when there are too many.
   *
   * @param mchid - the merchant whose key signed it
   * @param sign - which never repeats, since `nonce_str` does not
   * @returns whether it had not been seen before
   */
  isFreshUndated(mchid: string, sign: string): boolean {
    return this.#undated.isNew(this.#markOf(mchid, sign), this.clock.now());
  }

  /** Joined into a text of its own: a template would hold on to the texts that it is made of, and the reply that they were cut from. */
  #markOf(signedBy: string, once: string): string {
    const signer = this.#signers.get(signedBy) ?? this.#signers.size;
    this.#signers.set(signedBy, signer);
    return [signer, once].join('\n');
  }
}
