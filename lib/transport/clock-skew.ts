import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { WechatPayLog } from '../environment/wechat-pay-log.js';
import { soleHeader, type WireReply } from './wire.js';

const WORTH_A_WORD_SECONDS = 60;
const QUIET_MS = 600_000;

/** How far this machine's clock was ahead of a reply's `Date`. */
export interface SeenSkew {
  /** Negative if it was behind. */
  readonly seconds: number;
  /** When the reply came, in milliseconds by this machine's clock. */
  readonly at: number;
}

/**
 * Compares this machine's clock with a reply's `Date`. A clock that is more than 5 minutes off makes every signature wrong,
 * so a warning is logged from 60 seconds on, at most every 10 minutes. The clock is never corrected silently, and the header is
 * not signed: it is a hint.
 */
@Injectable()
export class ClockSkew {
  #lastWord = -Infinity;
  #last: SeenSkew | undefined;
  /** The latest `Date`. Replies of the same second have the same. */
  #date: string | undefined;
  #parsed = NaN;

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(WechatPayLog) private readonly log: WechatPayLog,
  ) {}

  /**
   * How far this machine's clock is ahead of the peer's.
   *
   * @param reply - that was just heard
   * @returns seconds, negative if it is behind; `undefined` where it is not worth a word
   */
  of(reply: WireReply): number | undefined {
    const now = this.clock.now();
    const seconds = Math.round((now - this.#parse(soleHeader(reply, 'date'))) / 1_000);
    if (!Number.isNaN(seconds)) this.#last = { seconds, at: now };
    if (!(Math.abs(seconds) > WORTH_A_WORD_SECONDS)) return undefined;
    if (now - this.#lastWord >= QUIET_MS) {
      this.#lastWord = now;
      const direction = seconds > 0 ? 'ahead of' : 'behind';
      this.log.write(
        'warn',
        'clock_skew',
        `This machine's clock is ${Math.abs(seconds)} s ${direction} WeChat Pay's. From 300 s on, no signature is accepted: check NTP.`,
        { clockSkew: seconds },
      );
    }
    return seconds;
  }

  #parse(date: string | undefined): number {
    if (date === this.#date) return this.#parsed;
    this.#date = date;
    this.#parsed = Date.parse(date ?? '');
    return this.#parsed;
  }

  /** What the latest reply with a `Date` showed, also where it was not worth a word. */
  get last(): SeenSkew | undefined {
    return this.#last;
  }
}
