import { z } from 'zod';

import { orderRefusal } from '../answers/order-refusals.js';
import { paramError } from '../answers/refusals.js';
import { orderNumber, text } from '../checks/read-input.js';

import { findById, findByNumber, found } from './find-order.js';
import { codeUrl, placeOrAgain } from './place-again.js';
import type { V2Route } from './route.js';
import { BANK_TYPE, OPENID, beijingTime, stateDescription } from './transaction-facts.js';
import type { V2Call } from './v2-call.js';

type Fields = Readonly<Record<string, string>>;

// APIv2 lets fields through that it does not know.
const closeFields = z.object({ out_trade_no: orderNumber });

const queryFields = z.object({ out_trade_no: orderNumber.optional(), transaction_id: text(32).optional() });

const placeFields = z.object({
  sub_appid: text(32).optional(),
  body: text(127),
  attach: text(127).optional(),
  out_trade_no: orderNumber,
  fee_type: z.literal('CNY').optional(),
  total_fee: z.string().regex(/^[1-9]\d{0,9}$/, 'must be a whole number of fen'),
  spbill_create_ip: text(64),
  notify_url: text(256),
  trade_type: z.literal('NATIVE', 'the emulator places NATIVE orders only'),
});

function close(call: V2Call): Fields {
  const parties = call.checkParties();
  const { out_trade_no } = call.fields(closeFields);
  const order = findByNumber(call, { kind: 'basic', ...parties, out_trade_no });
  if (order === undefined) {
    if (call.state.unknownOrder === 'closed') return {};
    throw orderRefusal('notFound', 'v2');
  }
  const result = call.close(order, call.state.clock.now());
  if (result !== 'closed') throw orderRefusal(result, 'v2');
  return {};
}

function query(call: V2Call): Fields {
  const parties = call.checkParties();
  const { out_trade_no, transaction_id } = call.fields(queryFields);
  if (out_trade_no === undefined && transaction_id === undefined) {
    throw paramError('/out_trade_no: out_trade_no or transaction_id must be given');
  }
  const order = found(
    transaction_id === undefined
      ? findByNumber(call, { kind: 'basic', ...parties, out_trade_no: out_trade_no ?? '' })
      : findById(call, 'basic', parties, transaction_id),
    'v2',
  );
  const { details, state, paidAt } = order;
  const paid = paidAt !== undefined && {
    openid: OPENID,
    is_subscribe: 'N',
    trade_type: details.trade_type,
    bank_type: BANK_TYPE,
    fee_type: details.currency,
    cash_fee: String(details.total),
    cash_fee_type: details.currency,
    transaction_id: order.transaction_id ?? '',
    time_end: beijingTime(paidAt).replace(/\D/g, ''),
  };
  return {
    device_info: '',
    ...paid,
    out_trade_no: details.out_trade_no,
    attach: details.attach ?? '',
    total_fee: String(details.total),
    trade_state: state,
    trade_state_desc: stateDescription(state),
  };
}

function place(call: V2Call): Fields {
  const parties = call.checkParties();
  const { out_trade_no, attach, sub_appid, total_fee, notify_url } = call.fields(placeFields);
  const order = placeOrAgain(
    call,
    {
      kind: 'basic',
      ...parties,
      appid: call.merchant.appid,
      sub_appid,
      out_trade_no,
      trade_type: 'NATIVE',
      total: Number(total_fee),
      currency: 'CNY',
      attach,
      notify: { url: notify_url, api: 'v2', signType: call.signType },
      sub_orders: [],
    },
    'v2',
  );
  return { trade_type: 'NATIVE', prepay_id: `wx${order.id}`, code_url: codeUrl(order) };
}

/** E1 of the protocol, its query, and the placement before it. */
export const v2Routes: readonly V2Route[] = [
  { api: 'v2', method: 'POST', path: '/pay/closeorder', handle: close },
  { api: 'v2', method: 'POST', path: '/pay/orderquery', handle: query },
  { api: 'v2', method: 'POST', path: '/pay/unifiedorder', handle: place },
];
