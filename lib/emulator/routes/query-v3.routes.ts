import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { merchantNumber, orderNumber, text } from '../checks/read-input.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { JsonValue } from '../wire/json-value.js';

import { checkSigner, checkSubMerchant } from './callers.js';
import type { Parties } from './callers.js';
import { findById, findByNumber, found } from './find-order.js';
import type { V3Route } from './route.js';
import { OPENID, transactionFacts } from './transaction-facts.js';
import type { V3Call } from './v3-call.js';

const directQuery = z.strictObject({ mchid: merchantNumber });
const partnerQuery = z.strictObject({ sp_mchid: merchantNumber, sub_mchid: merchantNumber });

function directParties(call: V3Call): Parties {
  const { mchid } = call.query(directQuery);
  checkSigner(call.merchant, mchid);
  return { mchid };
}

function partnerParties(call: V3Call): Parties {
  const { sp_mchid, sub_mchid } = call.query(partnerQuery);
  checkSigner(call.merchant, sp_mchid);
  checkSubMerchant(call.merchant, sub_mchid);
  return { mchid: sp_mchid, sub_mchid };
}

function byNumber(call: V3Call, parties: Parties): V3Answer {
  const out_trade_no = call.param('out_trade_no', orderNumber);
  return answer(found(findByNumber(call, { kind: 'basic', ...parties, out_trade_no }), 'domestic'));
}

function byId(call: V3Call, parties: Parties): V3Answer {
  return answer(found(findById(call, 'basic', parties, call.param('transaction_id', text(32))), 'domestic'));
}

function answer(order: EmulatorOrder): V3Answer {
  return { status: 200, body: basicWords(order) };
}

/**
 * What WeChat Pay says of an order, in a query's answer and in a notification.
 *
 * @param order - the order
 */
export function basicWords(order: EmulatorOrder): Readonly<Record<string, JsonValue | undefined>> {
  const { mchid, sub_mchid, appid, sub_appid, total, currency } = order.details;
  const names: Record<string, JsonValue | undefined> =
    sub_mchid === undefined ? { appid, mchid } : { sp_appid: appid, sp_mchid: mchid, sub_appid, sub_mchid };
  const payer = sub_mchid === undefined ? { openid: OPENID } : { sp_openid: OPENID };
  const paid = { transaction_id: order.transaction_id, payer, promotion_detail: [] };
  const amount = order.isPaid
    ? { total, payer_total: total, currency, payer_currency: currency }
    : { total, currency, payer_currency: currency };
  return { ...names, ...transactionFacts(order), ...(order.isPaid && paid), amount };
}

/** The queries of protocol §2 for E2 and E3. */
export const queryV3Routes: readonly V3Route[] = [
  get('/v3/pay/transactions/out-trade-no/{out_trade_no}', (call) => byNumber(call, directParties(call))),
  get('/v3/pay/transactions/id/{transaction_id}', (call) => byId(call, directParties(call))),
  get('/v3/pay/partner/transactions/out-trade-no/{out_trade_no}', (call) => byNumber(call, partnerParties(call))),
  get('/v3/pay/partner/transactions/id/{transaction_id}', (call) => byId(call, partnerParties(call))),
];

function get(path: string, handle: V3Route['handle']): V3Route {
  return { api: 'v3', method: 'GET', path, handle };
}
