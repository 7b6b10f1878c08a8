import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { merchantNumber, orderNumber, text } from '../checks/read-input.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { JsonValue } from '../wire/json-value.js';

import { overseasParties } from './callers.js';
import { findById, findByNumber, found } from './find-order.js';
import type { V3Route } from './route.js';
import { OPENID, transactionFacts } from './transaction-facts.js';
import type { V3Call } from './v3-call.js';

const overseasQuery = z.strictObject({
  mchid: merchantNumber.optional(),
  sp_mchid: merchantNumber.optional(),
  sub_mchid: merchantNumber.optional(),
});

function byNumber(call: V3Call): V3Answer {
  const parties = overseasParties(call.merchant, call.query(overseasQuery));
  const out_trade_no = call.param('out_trade_no', orderNumber);
  return answer(found(findByNumber(call, { kind: 'overseas', ...parties, out_trade_no }), 'overseas'));
}

function byId(call: V3Call): V3Answer {
  const parties = overseasParties(call.merchant, call.query(overseasQuery));
  return answer(found(findById(call, 'overseas', parties, call.param('transaction_id', text(32))), 'overseas'));
}

function answer(order: EmulatorOrder): V3Answer {
  return { status: 200, body: overseasWords(order) };
}

/**
 * What WeChat Pay says of an order, in a query's answer and in a notification.
 *
 * @param order - the order
 */
export function overseasWords(order: EmulatorOrder): Readonly<Record<string, JsonValue | undefined>> {
  const { mchid, sub_mchid, appid, sub_appid, total, currency } = order.details;
  const names: Record<string, JsonValue | undefined> =
    sub_mchid === undefined ? { appid, mchid } : { sp_appid: appid, sp_mchid: mchid, sub_appid, sub_mchid };
  const payer = sub_mchid === undefined ? { openid: OPENID } : { sp_openid: OPENID };
  const exchange_rate = { type: 'SETTLEMENT_RATE', rate: 100_000_000 };
  const amount = { total, payer_total: total, currency, payer_currency: currency, exchange_rate };
  return {
    ...names,
    // Overseas answers call WeChat Pay's number `id`.
    id: order.transaction_id,
    ...transactionFacts(order),
    ...(order.isPaid && { payer }),
    amount: order.isPaid ? amount : { total, currency },
  };
}

/** The queries of protocol §2 for E5 and E6. */
export const queryOverseasRoutes: readonly V3Route[] = ['/hk/v3', '/v3/global'].flatMap((base): V3Route[] => [
  { api: 'v3', method: 'GET', path: `${base}/transactions/id/{transaction_id}`, handle: byId },
  { api: 'v3', method: 'GET', path: `${base}/transactions/out-trade-no/{out_trade_no}`, handle: byNumber },
]);
