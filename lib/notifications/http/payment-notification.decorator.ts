import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import type { PaymentNotification as Notification } from '../payment-notification.js';
import type { HttpRequest } from './raw-body.js';
import { provenOf } from './seen-requests.js';

/**
 * Hands the proven {@link PaymentNotification} to a handler's parameter.
 *
 * @throws Error if neither {@link NotificationEndpoint} nor {@link WechatPayNotificationGuard} stands on the handler: nothing is
 * proven then
 */
export const PaymentNotification = createParamDecorator((_: unknown, context: ExecutionContext): Notification => {
  const notification = provenOf(context.switchToHttp().getRequest<HttpRequest>());
  if (notification !== undefined) return notification;
  throw new Error('@PaymentNotification() needs @NotificationEndpoint() on the same method.');
});

/** A payment that WeChat Pay tells of, proven by its signature. */
export type PaymentNotification = Notification;
