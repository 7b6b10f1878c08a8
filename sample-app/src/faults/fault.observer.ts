import { Inject, Injectable } from '@nestjs/common';
import { type CallEnd, type CallFacts, type CallObservation, CallObserver, WechatPayError } from 'nestjs-wechatpay';

import { OrderNumbers } from '../shop/order-numbers.js';
import { Timeline } from '../timeline/timeline.js';
import { OrderFaults } from './order-faults.js';

/** Puts things right once a close has ended: what goes wrong goes wrong with one close. */
@Injectable()
export class FaultObserver extends CallObserver {
  constructor(
    @Inject(OrderFaults) private readonly faults: OrderFaults,
    @Inject(OrderNumbers) private readonly numbers: OrderNumbers,
    @Inject(Timeline) private readonly timeline: Timeline,
  ) {
    super();
  }

  begin({ operation }: CallFacts): CallObservation | undefined {
    if (operation === 'query') return undefined;
    return { end: (end) => this.#ended(end) };
  }

  #ended(end: CallEnd): void {
    if (end.kind === 'unsubscribed') return;
    const order = end.kind === 'emitted' ? end.result.order : end.error instanceof WechatPayError && end.error.order;
    const number = order ? this.numbers.numberOf(order) : undefined;
    if (number !== undefined && this.faults.disarm(number)) this.timeline.touch(number);
  }
}
