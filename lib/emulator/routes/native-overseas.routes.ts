import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { appidMismatch } from '../answers/refusals.js';
import { merchantNumber, orderNumber, text } from '../checks/read-input.js';

import { overseasParties } from './callers.js';
import { codeUrl, placeOrAgain } from './place-again.js';
import type { V3Route } from './route.js';
import type { V3Call } from './v3-call.js';

const object = z.record(z.string(), z.unknown());

const body = z.strictObject({
  appid: text(32).optional(),
  mchid: merchantNumber.optional(),
  sp_appid: text(32).optional(),
  sp_mchid: merchantNumber.optional(),
  sub_appid: text(32).optional(),
  sub_mchid: merchantNumber.optional(),
  description: text(127),
  attach: text(128).optional(),
  notify_url: text(256),
  out_trade_no: orderNumber,
  goods_tag: text(32).optional(),
  trade_type: z.literal('NATIVE'),
  limit_pay: text(32).optional(),
  time_start: text(64).optional(),
  time_expire: text(64).optional(),
  merchant_category_code: text(4),
  payer: object.optional(),
  amount: z.strictObject({ total: z.int().min(1), currency: text(16).optional() }),
  scene_info: object.optional(),
  promotion_detail: z.array(object).optional(),
  detail: object.optional(),
});

function place(call: V3Call): V3Answer {
  const { out_trade_no, attach, amount, sub_appid, notify_url, ...rest } = call.body(body);
  const parties = overseasParties(call.merchant, rest);
  const appid = parties.sub_mchid === undefined ? rest.appid : rest.sp_appid;
  if (appid !== call.merchant.appid) throw appidMismatch();
  const order = placeOrAgain(
    call,
    {
      kind: 'overseas',
      ...parties,
      appid,
      sub_appid,
      out_trade_no,
      trade_type: 'NATIVE',
      total: amount.total,
      currency: amount.currency ?? 'HKD',
      attach,
      notify: { url: notify_url, api: 'v3' },
      sub_orders: [],
    },
    'overseas',
  );
  return { status: 200, body: { code_url: codeUrl(order) } };
}

/** Native placement at the global endpoint. */
export const nativeOverseasRoutes: readonly V3Route[] = [
  { api: 'v3', method: 'POST', path: '/v3/global/transactions/native', handle: place },
];
