import { Module } from '@nestjs/common';

import { BookkeepingModule, ClosingModule } from '../closing/closing.module.js';
import { FaultsModule } from '../faults/faults.module.js';
import { BacklogController } from './backlog.controller.js';
import { FeedController } from './feed.controller.js';
import { OrderFeed } from './order-feed.js';
import { OrderViews } from './order-views.js';
import { RequestsController } from './requests.controller.js';
import { ShopController } from './shop.controller.js';

/** The page's routes. They need an emulated WeChat Pay: only there can one be the merchant, the buyer and the onlooker at once. */
@Module({
  imports: [BookkeepingModule, ClosingModule, FaultsModule],
  controllers: [ShopController, BacklogController, RequestsController, FeedController],
  providers: [OrderViews, OrderFeed],
})
export class ShopModule {}
