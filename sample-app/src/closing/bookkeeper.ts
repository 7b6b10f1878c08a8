import { Inject, Injectable } from '@nestjs/common';
import type { OrderReference } from 'nestjs-wechatpay';
import { AutoCloseService } from 'nestjs-wechatpay/auto-close';

import { OrderNumbers } from '../shop/order-numbers.js';
import { Timeline } from '../timeline/timeline.js';
import { OrderBook } from './order-book.js';

/** Writes down how an order ended that was closed by hand, so that it is not closed by itself as well. */
@Injectable()
export class Bookkeeper {
  constructor(
    @Inject(OrderBook) private readonly book: OrderBook,
    @Inject(OrderNumbers) private readonly numbers: OrderNumbers,
    @Inject(AutoCloseService) private readonly autoClose: AutoCloseService,
    @Inject(Timeline) private readonly timeline: Timeline,
  ) {}

  /**
   * @param order - as the library names it
   * @param state - how it ended, for certain
   */
  async ended(order: OrderReference, state: 'CLOSED' | 'PAID'): Promise<void> {
    const number = this.numbers.numberOf(order);
    if (number === undefined) return;
    this.book.moveFromPending(number, state);
    const scheduled = this.book.scheduledAs(number);
    if (scheduled !== undefined) await this.autoClose.cancel(scheduled);
    this.timeline.touch(number);
  }
}
