import { Inject, Injectable } from '@nestjs/common';
import { type CallEnd, type CallFacts, type CallObservation, CallObserver, WechatPayError } from 'nestjs-wechatpay';
import type { AttemptFacts, AttemptObservation, OrderReference } from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { OrderNumbers } from '../shop/order-numbers.js';
import type { AttemptEntry, OutcomeEntry } from './timeline-entry.js';
import { Timeline } from './timeline.js';

/** Writes calls and attempts into the timelines of their orders. */
@Injectable()
export class TimelineObserver extends CallObserver {
  constructor(
    @Inject(Timeline) private readonly timeline: Timeline,
    @Inject(OrderNumbers) private readonly numbers: OrderNumbers,
    @Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator,
  ) {
    super();
  }

  begin({ operation, variant }: CallFacts): CallObservation {
    let attempts = 0;
    return {
      attempt: (facts) => {
        const number = this.numbers.numberOf(facts.order);
        if (number === undefined) return undefined;
        // Which order a call is about is known from its first attempt on.
        if (++attempts === 1) this.timeline.write(number, { kind: 'call', operation, variant });
        return this.#follow(number, facts);
      },
      end: (end) => {
        const { order, entry } = conclusionOf(end, attempts);
        const number = order && this.numbers.numberOf(order);
        if (number !== undefined && entry !== undefined) this.timeline.write(number, entry);
      },
    };
  }

  #follow(number: string, { operation, method, target }: AttemptFacts): AttemptObservation {
    const began = performance.now();
    const before = this.emulator.requests.at(-1)?.id ?? 0;
    const change = this.timeline.write<AttemptEntry>(number, { kind: 'attempt', operation, method, target });
    return {
      end: (end) => {
        // A free repeat on a dead connection is the same attempt, so the last one counts.
        const request = this.emulator.requests.findLast(
          ({ id, url, body }) => id > before && url === target && (target.includes('/v3/') || body.includes(number)),
        );
        const tookMs = Math.round(performance.now() - began);
        change({ end: { ...end, tookMs }, ...(request && { request: request.id }) });
      },
    };
  }
}

function conclusionOf(end: CallEnd, attempts: number): { order?: OrderReference; entry?: OutcomeEntry } {
  if (end.kind === 'emitted') {
    const { state, order, confirmedBy, alreadyClosed } = end.result;
    const outcome = state === 'CLOSED' ? 'closed' : 'paid';
    return {
      order,
      entry: {
        kind: 'outcome',
        outcome,
        attempts,
        ...(confirmedBy && { confirmedBy }),
        ...(alreadyClosed !== undefined && { alreadyClosed }),
      },
    };
  }
  if (end.kind === 'unsubscribed' || !(end.error instanceof WechatPayError)) return {};
  const { order, outcome, message } = end.error;
  return { order, entry: { kind: 'outcome', outcome, attempts, message } };
}
