import { Inject, Injectable } from '@nestjs/common';
import type { Settlement, SettlementHandler } from 'nestjs-wechatpay/auto-close';

import { Timeline } from '../timeline/timeline.js';
import { OrderBook } from './order-book.js';

/** Hears how each order ended. It may be called twice for one order, which changes nothing the second time. */
@Injectable()
export class OrderSettlements implements SettlementHandler {
  constructor(
    @Inject(OrderBook) private readonly book: OrderBook,
    @Inject(Timeline) private readonly timeline: Timeline,
  ) {}

  async onSettled({ state, order }: Settlement): Promise<void> {
    const number = order.out_trade_no ?? order.combine_out_trade_no ?? '';
    switch (state) {
      case 'CLOSED':
      case 'NOT_FOUND':
        // A real shop would release the stock where this is true.
        this.book.moveFromPending(number, 'CLOSED');
        break;
      case 'PAID':
        // A real shop would fulfil the order where this is true.
        this.book.moveFromPending(number, 'PAID');
        break;
      case 'GIVEN_UP':
        this.book.moveFromPending(number, 'CHECK');
    }
    this.timeline.write(number, { kind: 'settled', state });
  }
}
