import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { WechatPayLog } from '../environment/wechat-pay-log.js';
import { callLine } from './call-line.js';
import { type CallFacts, type CallObservation, CallObserver } from './call-observer.js';
import { LineLimit } from './line-limit.js';

/** Writes one line for a call whose end a person may have to act on, and none for any other. */
@Injectable()
export class CallLogObserver extends CallObserver {
  readonly #limit = new LineLimit();

  constructor(
    @Inject(WechatPayLog) private readonly log: WechatPayLog,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    super();
  }

  begin(call: CallFacts): CallObservation | undefined {
    if (!this.log.isOn) return undefined;
    return { end: (end) => void (end.kind === 'failed' && this.#note(call, end.error)) };
  }

  #note(call: CallFacts, error: unknown): void {
    const line = callLine(call, error);
    if (line === undefined) return;
    const held = this.#limit.ask(line.kind, line.perMinute, this.clock.now());
    if (held === undefined) return;
    const more = held === 0 ? '' : ` (${held} more lines like this one were held back.)`;
    const fields = { ...line.fields, heldBack: held === 0 ? undefined : held };
    this.log.write(line.level, line.event, line.message + more, fields);
  }
}
