import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { invalidRequest } from '../answers/refusals.js';
import { merchantNumber, orderNumber, text } from '../checks/read-input.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { SubOrder } from '../orders/order-details.js';

import { closeV3 } from './close-v3.routes.js';
import { findByNumber } from './find-order.js';
import type { V3Route } from './route.js';
import type { V3Call } from './v3-call.js';

type SubOrderIdentity = Pick<SubOrder, 'mchid' | 'sub_mchid' | 'out_trade_no'>;

const subOrder = z.strictObject({
  mchid: merchantNumber,
  out_trade_no: orderNumber,
  sub_mchid: merchantNumber.optional(),
});

const combineBody = z.strictObject({
  combine_appid: text(32),
  sub_orders: z
    .array(subOrder.extend({ sub_appid: text(32).optional(), individual_auth_id: text(64).optional() }))
    .min(1)
    .max(50),
});

const repaymentBody = z.strictObject({ sub_orders: z.array(subOrder).min(1).max(10) });

function closeCombine(call: V3Call): V3Answer {
  const out_trade_no = call.param('combine_out_trade_no', orderNumber);
  const { combine_appid, sub_orders } = call.body(combineBody);
  const order = findByNumber(call, { kind: 'combine', mchid: call.merchant.mchid, out_trade_no });
  if (order !== undefined && order.details.appid !== combine_appid) {
    throw invalidRequest('combine_appid is not the one of the placement');
  }
  checkSubOrders(order, sub_orders);
  return closeV3(call, order, 'domestic');
}

function closeRepayment(call: V3Call): V3Answer {
  const out_trade_no = call.param('combine_out_trade_no', orderNumber);
  const { sub_orders } = call.body(repaymentBody);
  const order = findByNumber(call, { kind: 'repayment', mchid: call.merchant.mchid, out_trade_no });
  checkSubOrders(order, sub_orders);
  return closeV3(call, order, 'domestic');
}

function checkSubOrders(order: EmulatorOrder | undefined, subOrders: readonly SubOrderIdentity[]): void {
  if (order !== undefined && setOf(order.sub_orders) !== setOf(subOrders)) {
    throw invalidRequest('sub_orders are not those of the placement; a combined order is closed as a whole');
  }
}

function setOf(subOrders: readonly SubOrderIdentity[]): string {
  const keys = subOrders.map(({ mchid, sub_mchid, out_trade_no }) => [mchid, sub_mchid ?? '', out_trade_no].join(' '));
  return keys.toSorted().join('\n');
}

/** E4 and E7 of the protocol. */
export const closeCombinedRoutes: readonly V3Route[] = [
  {
    api: 'v3',
    method: 'POST',
    path: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close',
    handle: closeCombine,
  },
  {
    api: 'v3',
    method: 'POST',
    path: '/v3/repayment/combine-transactions/partner/out-trade-no/{combine_out_trade_no}/close',
    handle: closeRepayment,
  },
];
