import { Inject, Injectable, Optional } from '@nestjs/common';

import { ClosedOrderBook } from './ghosts/closed-order-book.js';
import { apiOf } from './notification-api.js';
import { NotificationRefusedError } from './notification-refused.error.js';
import type { PaymentNotification, ProvenPayment } from './payment-notification.js';
import { headerLists, type NotificationContext, type ReceivedNotification } from './received-notification.js';
import { V2NotificationReader } from './v2/v2-notification.reader.js';
import { V3NotificationReader } from './v3/v3-notification.reader.js';

/** The most bytes of a notification that are looked at: 64 KiB. WeChat Pay's own stay far below. */
const BYTE_LIMIT = 65_536;

/**
 * Verifies and decrypts payment notifications (支付成功回调) of APIv3 and APIv2. What it gives is proven by WeChat Pay's
 * signature over the raw bytes; whatever is not, or is about something else, is a {@link NotificationRefusedError}.
 *
 * In a controller, {@link NotificationEndpoint} calls it and answers WeChat Pay. Elsewhere, such as behind a queue or a function
 * in the cloud, inject it.
 *
 * @see protocol §4.3 and §7
 */
@Injectable()
export class WechatPayNotifications {
  readonly #closed: ClosedOrderBook | undefined;

  constructor(
    @Inject(V3NotificationReader) private readonly v3: V3NotificationReader,
    @Inject(V2NotificationReader) private readonly v2: V2NotificationReader,
    @Optional() @Inject(ClosedOrderBook) closed: ClosedOrderBook | null | undefined,
  ) {
    this.#closed = closed ?? undefined;
  }

  /**
   * Reads a notification. An APIv3 one is believed once: the same bytes a second time are refused as `replayed`. What WeChat Pay
   * sends again it signs anew.
   *
   * @param received - raw body and headers
   * @param context - what the route knows: the merchant, and whose certificates
   * @returns the payment, and whether your shop had closed the order
   * @throws {@link NotificationRefusedError}; and what your {@link ClosedOrderBook} throws, so that WeChat Pay sends it again
   * @example
   * ```ts
   * const payment = await notifications.read({ body: event.rawBody, headers: event.headers });
   * ```
   */
  async read(received: ReceivedNotification, context: NotificationContext = {}): Promise<PaymentNotification> {
    const payment = await this.#prove(received, context);
    return { ...payment, ghost: await this.#closed?.wasClosed(payment.order) };
  }

  #prove({ body, headers }: ReceivedNotification, context: NotificationContext): Promise<ProvenPayment> {
    const api = apiOf(body);
    if (body.byteLength > BYTE_LIMIT) {
      throw new NotificationRefusedError(api, 'tooLarge', `it has more than ${BYTE_LIMIT} bytes.`);
    }
    return api === 'v2' ? this.v2.read(body, context) : this.v3.read({ body, headers: headerLists(headers) }, context);
  }
}
