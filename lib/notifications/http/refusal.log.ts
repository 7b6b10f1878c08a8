import { Inject, Injectable, Logger } from '@nestjs/common';

import { Clock } from '../../environment/clock.js';
import type { NotificationRefusal, NotificationRefusedError } from '../notification-refused.error.js';

const EVERY_MS = 60_000;

/**
 * Logs refused notifications as warnings, at most one a minute for each reason: anybody may send what is refused, and must not
 * fill the log with it.
 */
@Injectable()
export class RefusalLog {
  readonly #logger = new Logger('WechatPay');
  readonly #last = new Map<NotificationRefusal, number>();

  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /** Logs a refusal, unless one for the same reason was logged within the last minute. */
  note({ reason, message }: NotificationRefusedError): void {
    const now = this.clock.now();
    const last = this.#last.get(reason) ?? -Infinity;
    // A clock that was set back must not silence it.
    if (Math.abs(now - last) < EVERY_MS) return;
    this.#last.set(reason, now);
    this.#logger.warn(message);
  }
}
