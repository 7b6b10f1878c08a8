import { Module } from '@nestjs/common';

import { OrderNumbers } from '../shop/order-numbers.js';
import { Timeline } from './timeline.js';

/** Has the timelines, for those who write them and for the page. */
@Module({ providers: [Timeline, OrderNumbers], exports: [Timeline, OrderNumbers] })
export class TimelineModule {}
