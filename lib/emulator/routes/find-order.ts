import type { Dialect } from '../answers/order-refusals.js';
import { orderRefusal } from '../answers/order-refusals.js';
import { INTERNAL, invalidRequest } from '../answers/refusals.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { OrderIdentity, OrderKind } from '../orders/order-details.js';

import type { Parties } from './callers.js';
import type { V2Call } from './v2-call.js';
import type { V3Call } from './v3-call.js';

/**
 * The order that a call names by the merchant's number.
 *
 * @param call - is told which order it is about
 * @param identity - its kind, merchants and number
 * @returns nothing if the signing merchant has no such number at all
 * @throws Refusal 400 INVALID_REQUEST if the number belongs to another sub-merchant
 * @see protocol: missing or wrong sub_mchid (268443704, 268447845)
 */
export function findByNumber(call: V2Call | V3Call, identity: OrderIdentity): EmulatorOrder | undefined {
  const { orders } = call.state;
  call.order = orders.find(identity);
  if (call.order === undefined && orders.hasNumber(identity)) throw wrongSubMerchant(identity.sub_mchid);
  return call.order;
}

/**
 * The order that a call names by WeChat Pay's number.
 *
 * @param call - is told which order it is about
 * @param kind - its kind
 * @param parties - its merchants
 * @param transactionId - WeChat Pay's number
 * @throws Refusal 400 INVALID_REQUEST if it belongs to another sub-merchant
 */
export function findById(
  call: V2Call | V3Call,
  kind: OrderKind,
  parties: Parties,
  transactionId: string,
): EmulatorOrder | undefined {
  const order = call.state.orders.findByTransactionId({ kind, mchid: parties.mchid }, transactionId);
  if (order !== undefined && order.sub_mchid !== parties.sub_mchid) throw wrongSubMerchant(parties.sub_mchid);
  call.order = order;
  return order;
}

/**
 * Insists that an order was found.
 *
 * @param order - what was found
 * @param dialect - how the endpoint spells codes
 * @throws Refusal 404 ORDER_NOT_EXIST
 */
export function found(order: EmulatorOrder | undefined, dialect: Dialect): EmulatorOrder {
  if (order === undefined) throw orderRefusal('notFound', dialect);
  return order;
}

function wrongSubMerchant(given: string | undefined): Error {
  return given === undefined
    ? invalidRequest('The order belongs to a sub-merchant, which is missing', INTERNAL.subMerchantMissing)
    : invalidRequest('The order was not placed for this sub-merchant', INTERNAL.subMerchantMismatch);
}
