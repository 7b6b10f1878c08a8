import { Controller, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AutoCloseService } from 'nestjs-wechatpay/auto-close';
import { NotificationEndpoint, PaymentNotification } from 'nestjs-wechatpay/notifications';

import { OrderBook } from '../closing/order-book.js';
import { Timeline } from '../timeline/timeline.js';

/** Where WeChat Pay tells of payments. */
@ApiTags('payments')
@Controller('wechat-pay')
export class PaymentsController {
  constructor(
    @Inject(OrderBook) private readonly book: OrderBook,
    @Inject(Timeline) private readonly timeline: Timeline,
    @Inject(AutoCloseService) private readonly autoClose: AutoCloseService,
  ) {}

  @Post('notify')
  @NotificationEndpoint()
  @ApiOperation({ summary: "WeChat Pay's payment notifications; anything that is not proven to be one is refused" })
  async paid(@PaymentNotification() { order, ghost }: PaymentNotification): Promise<void> {
    // A real shop would compare the amount, and refund a ghost.
    const number = order.out_trade_no ?? order.combine_out_trade_no ?? '';
    this.book.markPaid(number, ghost === true);
    this.timeline.write(number, { kind: 'notified', ghost: ghost === true });
    await this.autoClose.cancel(order);
  }
}
