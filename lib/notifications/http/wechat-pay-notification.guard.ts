import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import type { NotificationContext } from '../received-notification.js';
import { WechatPayNotifications } from '../wechat-pay-notifications.js';
import { NOTIFICATION_ENDPOINT, type NotificationEndpointOptions } from './notification-endpoint.options.js';
import { type HttpRequest, receivedOf } from './raw-body.js';
import { noteProven, provenOf } from './seen-requests.js';

/**
 * Lets only proven payment notifications through, for {@link PaymentNotification} to hand to the handler. It is part of
 * {@link NotificationEndpoint}, which answers WeChat Pay, too; alone it is for those who answer by themselves.
 *
 * A refusal is a {@link NotificationRefusedError}, whose `statusCode` Nest answers with.
 */
@Injectable()
export class WechatPayNotificationGuard implements CanActivate {
  constructor(
    @Inject(WechatPayNotifications) private readonly notifications: WechatPayNotifications,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    // A guard on the controller ran before: the same bytes a second time would be a replay.
    if (provenOf(request) !== undefined) return true;
    const options = this.reflector.get<NotificationEndpointOptions | undefined>(
      NOTIFICATION_ENDPOINT,
      context.getHandler(),
    );
    noteProven(request, await this.notifications.read(receivedOf(request), contextOf(request, options ?? {})));
    return true;
  }
}

function contextOf(
  { params }: HttpRequest,
  { merchant, merchantParam, region }: NotificationEndpointOptions,
): NotificationContext {
  if (merchantParam === undefined) return { merchant, region };
  const given = params?.[merchantParam];
  // A parameter that is not there must not open the search to every merchant.
  return { merchant: typeof given === 'string' ? given : '', region };
}
