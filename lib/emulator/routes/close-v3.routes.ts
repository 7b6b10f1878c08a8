import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { orderRefusal } from '../answers/order-refusals.js';
import type { Dialect } from '../answers/order-refusals.js';
import { merchantNumber, orderNumber, text } from '../checks/read-input.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';

import { checkSigner, checkSubMerchant, overseasParties } from './callers.js';
import { findById, findByNumber } from './find-order.js';
import type { V3Route } from './route.js';
import type { V3Call } from './v3-call.js';

const directBody = z.strictObject({ mchid: merchantNumber });
const partnerBody = z.strictObject({ sp_mchid: merchantNumber, sub_mchid: merchantNumber });
const overseasBody = z.strictObject({
  mchid: merchantNumber.optional(),
  sp_mchid: merchantNumber.optional(),
  sub_mchid: merchantNumber.optional(),
});

/**
 * Closes an order and says so as APIv3 does: 204, as often as it is asked.
 *
 * @param call - knows how unknown orders are answered
 * @param order - the order, if there is one
 * @param dialect - how the endpoint spells codes
 * @throws Refusal if the order cannot be closed
 * @see protocol: re-close on v3 is re-entrant
 */
export function closeV3(call: V3Call, order: EmulatorOrder | undefined, dialect: Dialect): V3Answer {
  if (order === undefined) {
    if (call.state.unknownOrder === 'closed') return { status: 204 };
    throw orderRefusal('notFound', dialect);
  }
  const result = call.close(order, call.state.clock.now());
  if (result === 'closed' || result === 'alreadyClosed') return { status: 204 };
  throw orderRefusal(result, dialect);
}

function closeDirect(call: V3Call): V3Answer {
  const out_trade_no = call.param('out_trade_no', orderNumber);
  const { mchid } = call.body(directBody);
  checkSigner(call.merchant, mchid);
  return closeV3(call, findByNumber(call, { kind: 'basic', mchid, out_trade_no }), 'domestic');
}

function closePartner(call: V3Call): V3Answer {
  const out_trade_no = call.param('out_trade_no', orderNumber);
  const { sp_mchid, sub_mchid } = call.body(partnerBody);
  checkSigner(call.merchant, sp_mchid);
  checkSubMerchant(call.merchant, sub_mchid);
  return closeV3(call, findByNumber(call, { kind: 'basic', mchid: sp_mchid, sub_mchid, out_trade_no }), 'domestic');
}

function closeOverseasByNumber(call: V3Call): V3Answer {
  const out_trade_no = call.param('out_trade_no', orderNumber);
  const parties = overseasParties(call.merchant, call.body(overseasBody));
  return closeV3(call, findByNumber(call, { kind: 'overseas', ...parties, out_trade_no }), 'overseas');
}

function closeOverseasById(call: V3Call): V3Answer {
  const transactionId = call.param('transaction_id', text(32));
  const parties = overseasParties(call.merchant, call.body(overseasBody));
  return closeV3(call, findById(call, 'overseas', parties, transactionId), 'overseas');
}

/** E2, E3, E5 and E6 of the protocol; combined orders have a file of their own. */
export const closeV3Routes: readonly V3Route[] = [
  post('/v3/pay/transactions/out-trade-no/{out_trade_no}/close', closeDirect),
  post('/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close', closePartner),
  post('/hk/v3/transactions/id/{transaction_id}/close', closeOverseasById),
  post('/hk/v3/transactions/out-trade-no/{out_trade_no}/close', closeOverseasByNumber),
  post('/v3/global/transactions/id/{transaction_id}/close', closeOverseasById),
  post('/v3/global/transactions/out-trade-no/{out_trade_no}/close', closeOverseasByNumber),
];

function post(path: string, handle: V3Route['handle']): V3Route {
  return { api: 'v3', method: 'POST', path, handle };
}
