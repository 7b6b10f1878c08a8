import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { orderNumber } from '../checks/read-input.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { SubOrder } from '../orders/order-details.js';
import type { JsonValue } from '../wire/json-value.js';

import { findByNumber, found } from './find-order.js';
import type { V3Route } from './route.js';
import { BANK_TYPE, OPENID, successTime } from './transaction-facts.js';
import type { V3Call } from './v3-call.js';

const noQuery = z.strictObject({});

function query(call: V3Call, kind: 'combine' | 'repayment'): V3Answer {
  call.query(noQuery);
  const out_trade_no = call.param('combine_out_trade_no', orderNumber);
  const order = found(findByNumber(call, { kind, mchid: call.merchant.mchid, out_trade_no }), 'domestic');
  return { status: 200, body: combinedWords(order) };
}

/**
 * What WeChat Pay says of a combined order, in a query's answer and in a notification.
 *
 * @param order - the order
 */
export function combinedWords(order: EmulatorOrder): Readonly<Record<string, JsonValue | undefined>> {
  return {
    combine_appid: order.details.appid,
    combine_mchid: order.mchid,
    combine_out_trade_no: order.out_trade_no,
    combine_payer_info: order.isPaid ? { openid: OPENID } : undefined,
    sub_orders: order.sub_orders.map((subOrder, index) => subOrderFacts(order, subOrder, index)),
  };
}

function subOrderFacts(order: EmulatorOrder, subOrder: SubOrder, index: number): JsonValue {
  const { mchid, sub_mchid, sub_appid, out_trade_no, attach, total, currency } = subOrder;
  const payment = {
    transaction_id: order.transactionIdOf(index),
    bank_type: BANK_TYPE,
    success_time: successTime(order),
  };
  return {
    mchid,
    sub_mchid,
    sub_appid,
    out_trade_no,
    attach,
    trade_type: order.details.trade_type,
    trade_state: order.state,
    ...(order.isPaid && payment),
    amount: {
      total_amount: total,
      currency,
      ...(order.isPaid && { payer_amount: total, payer_currency: currency }),
    },
  };
}

/** The queries of protocol §2 for E4 and E7. */
export const queryCombinedRoutes: readonly V3Route[] = [
  {
    api: 'v3',
    method: 'GET',
    path: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}',
    handle: (call) => query(call, 'combine'),
  },
  {
    api: 'v3',
    method: 'GET',
    path: '/v3/repayment/combine-transactions/partner/out-trade-no/{combine_out_trade_no}',
    handle: (call) => query(call, 'repayment'),
  },
];
