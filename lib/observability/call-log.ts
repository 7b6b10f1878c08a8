import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { WechatPayLog } from '../environment/wechat-pay-log.js';
import { callLine } from './call-line.js';
import type { CallFacts } from './call-observer.js';
import { LineLimit } from './line-limit.js';

/** Writes one line for a call whose end a person may have to act on, and none for any other. */
@Injectable()
export class CallLog {
  readonly #limit = new LineLimit();

  constructor(
    @Inject(WechatPayLog) private readonly log: WechatPayLog,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Takes note of a call that failed.
   *
   * @param call - that ended
   * @param error - what it ended in
   */
  note(call: CallFacts, error: unknown): void {
    if (!this.log.isOn) return;
    const line = callLine(call, error);
    if (line === undefined) return;
    const held = this.#limit.ask(line.kind, line.perMinute, this.clock.now());
    if (held === undefined) return;
    const more = held === 0 ? '' : ` (${held} more lines like this one were held back.)`;
    const fields = { ...line.fields, heldBack: held === 0 ? undefined : held };
    this.log.write(line.level, line.event, line.message + more, fields);
  }
}
