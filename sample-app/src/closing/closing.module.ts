import { Module } from '@nestjs/common';

import { TimelineModule } from '../timeline/timeline.module.js';
import { Bookkeeper } from './bookkeeper.js';
import { OrderBook } from './order-book.js';

/** Has the shop's book, for the shop's routes and for the handler of settlements. */
@Module({
  imports: [TimelineModule],
  providers: [OrderBook],
  exports: [OrderBook, TimelineModule],
})
export class ClosingModule {}

/** Writes into the book what is closed by hand. Auto-close hears of it, so it must be there already. */
@Module({ imports: [ClosingModule], providers: [Bookkeeper], exports: [Bookkeeper] })
export class BookkeepingModule {}
