import { Module } from '@nestjs/common';
import { WechatPayNotificationsModule } from 'nestjs-wechatpay/notifications';

import { ClosingModule } from '../closing/closing.module.js';
import { ClosedInBook } from './closed-in-book.js';
import { PaymentsController } from './payments.controller.js';

/** Hears of payments from WeChat Pay. */
@Module({
  imports: [
    ClosingModule,
    WechatPayNotificationsModule.forRoot({ imports: [ClosingModule], closedOrders: ClosedInBook }),
  ],
  controllers: [PaymentsController],
})
export class PaymentsModule {}
