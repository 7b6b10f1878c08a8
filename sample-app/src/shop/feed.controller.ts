import { Controller, Inject, type MessageEvent, Sse } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';

import { OrderFeed } from './order-feed.js';

/** Server-sent events for the page. */
@ApiTags('shop')
@Controller('shop')
export class FeedController {
  constructor(@Inject(OrderFeed) private readonly feed: OrderFeed) {}

  @Sse('events')
  @ApiOperation({ summary: 'Each order that something happens to, as it happens' })
  events(): Observable<MessageEvent> {
    return this.feed.events();
  }
}
