import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { appidMismatch } from '../answers/refusals.js';
import { merchantNumber, orderNumber, text } from '../checks/read-input.js';

import { checkSigner } from './callers.js';
import { codeUrl, placeOrAgain } from './place-again.js';
import type { V3Route } from './route.js';
import type { V3Call } from './v3-call.js';

const object = z.record(z.string(), z.unknown());

const subOrder = z.strictObject({
  mchid: merchantNumber,
  sub_mchid: merchantNumber.optional(),
  sub_appid: text(32).optional(),
  out_trade_no: orderNumber,
  description: text(127),
  attach: text(128).optional(),
  detail: text(6000).optional(),
  goods_tag: text(32).optional(),
  amount: z.strictObject({ total_amount: z.int().min(1), currency: z.literal('CNY').optional() }),
  settle_info: object.optional(),
});

const body = z.strictObject({
  combine_appid: text(32),
  combine_mchid: merchantNumber,
  combine_out_trade_no: orderNumber,
  sub_orders: z.array(subOrder).min(1).max(50),
  notify_url: text(256),
  time_start: text(64).optional(),
  time_expire: text(64).optional(),
  scene_info: object.optional(),
  combine_payer_info: object.optional(),
});

function place(call: V3Call): V3Answer {
  const { combine_appid, combine_mchid, combine_out_trade_no, sub_orders, notify_url } = call.body(body);
  checkSigner(call.merchant, combine_mchid);
  if (combine_appid !== call.merchant.appid) throw appidMismatch();
  const subOrders = sub_orders.map(({ mchid, sub_mchid, sub_appid, out_trade_no, attach, amount }) => ({
    mchid,
    sub_mchid,
    sub_appid,
    out_trade_no,
    attach,
    total: amount.total_amount,
    currency: amount.currency ?? 'CNY',
  }));
  const order = placeOrAgain(
    call,
    {
      kind: 'combine',
      mchid: combine_mchid,
      appid: combine_appid,
      out_trade_no: combine_out_trade_no,
      trade_type: 'NATIVE',
      total: subOrders.reduce((sum, { total }) => sum + total, 0),
      currency: 'CNY',
      notify: { url: notify_url, api: 'v3' },
      sub_orders: subOrders,
    },
    'domestic',
  );
  return { status: 200, body: { code_url: codeUrl(order) } };
}

/** Native placement of combined orders. */
export const nativeCombineRoutes: readonly V3Route[] = [
  { api: 'v3', method: 'POST', path: '/v3/combine-transactions/native', handle: place },
];
