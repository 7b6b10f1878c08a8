import { Module } from '@nestjs/common';

import { OrderBook } from './order-book.js';

/** Has the shop's book, for the shop's routes and for the handler of settlements. */
@Module({ providers: [OrderBook], exports: [OrderBook] })
export class ClosingModule {}
