import { Inject, Injectable } from '@nestjs/common';
import type { OrderReference } from 'nestjs-wechatpay';
import { ClosedOrderBook } from 'nestjs-wechatpay/notifications';

import { OrderBook } from '../closing/order-book.js';

/** Knows from the shop's own book which orders were closed: a payment for one of them is a ghost. */
@Injectable()
export class ClosedInBook extends ClosedOrderBook {
  constructor(@Inject(OrderBook) private readonly book: OrderBook) {
    super();
  }

  wasClosed({ out_trade_no, combine_out_trade_no }: OrderReference): boolean {
    return this.book.find(out_trade_no ?? combine_out_trade_no ?? '')?.state === 'CLOSED';
  }
}
