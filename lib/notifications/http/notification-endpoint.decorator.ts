import {
  applyDecorators,
  HttpCode,
  HttpStatus,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';

import { NOTIFICATION_ENDPOINT, type NotificationEndpointOptions } from './notification-endpoint.options.js';
import { NotificationReplyFilter } from './notification-reply.filter.js';
import { NotificationReplyInterceptor } from './notification-reply.interceptor.js';
import { WechatPayNotificationGuard } from './wechat-pay-notification.guard.js';

/**
 * Makes a `@Post()` handler the receiver of payment notifications: {@link WechatPayNotificationGuard} verifies and decrypts, and
 * WeChat Pay is answered as its rules ask, in the form of APIv3 or APIv2: success once the handler has ended, whatever it
 * returns; failure if the notification was refused or the handler throws, so that WeChat Pay sends it again (15 s later, and up to
 * 15 times within a day).
 *
 * The handler has 5 seconds. Write down that the order is paid, and do the rest later.
 *
 * @param options - the merchant, if the route knows it
 * @example
 * ```ts
 * @Post('wechat-pay/notify')
 * @NotificationEndpoint()
 * async paid(@PaymentNotification() payment: PaymentNotification): Promise<void> {
 *   await this.orders.markPaid(payment.order, payment.transaction);
 * }
 * ```
 */
export function NotificationEndpoint(options: NotificationEndpointOptions = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(NOTIFICATION_ENDPOINT, options),
    HttpCode(HttpStatus.OK),
    UseGuards(WechatPayNotificationGuard),
    UseInterceptors(NotificationReplyInterceptor),
    UseFilters(NotificationReplyFilter),
  );
}
