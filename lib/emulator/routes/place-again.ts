import { isDeepStrictEqual } from 'node:util';

import { orderRefusal } from '../answers/order-refusals.js';
import type { Dialect } from '../answers/order-refusals.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { OrderDetails } from '../orders/order-details.js';

import type { V2Call } from './v2-call.js';
import type { V3Call } from './v3-call.js';

/**
 * Places an order as a merchant does. The same order may be placed again while nobody has paid or closed it.
 *
 * @param call - is told which order it is about
 * @param details - what is placed
 * @param dialect - how the endpoint spells codes
 * @throws Refusal if the number is taken by an order that is paid, closed or different
 * @see protocol: a closed out_trade_no cannot be reused
 */
export function placeOrAgain(call: V2Call | V3Call, details: OrderDetails, dialect: Dialect): EmulatorOrder {
  const { orders, clock } = call.state;
  const known = orders.find(details);
  call.order = known ?? orders.place(details, clock.now());
  if (known?.isPaid) throw orderRefusal('paid', dialect);
  if (known?.state === 'CLOSED') throw orderRefusal('alreadyClosed', dialect);
  if (known !== undefined && !isSame(known.details, details)) {
    throw orderRefusal('numberUsed', dialect);
  }
  return call.order;
}

/**
 * What the buyer scans to pay an order.
 *
 * @param order - the order
 */
export function codeUrl(order: EmulatorOrder): string {
  return `weixin://wxpay/bizpayurl?pr=${order.id}`;
}

function isSame(one: OrderDetails, other: OrderDetails): boolean {
  return isDeepStrictEqual(said(one), said(other));
}

/** A field that is left out says the same as one that is undefined; where it is notified is no part of the order. */
function said(details: OrderDetails): unknown {
  return JSON.parse(JSON.stringify({ ...details, notify: undefined }));
}
