import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { appidMismatch } from '../answers/refusals.js';
import { merchantNumber, orderNumber, text } from '../checks/read-input.js';
import type { OrderDetails } from '../orders/order-details.js';

import { checkSigner, checkSubMerchant } from './callers.js';
import { codeUrl, placeOrAgain } from './place-again.js';
import type { V3Route } from './route.js';
import type { V3Call } from './v3-call.js';

const object = z.record(z.string(), z.unknown());

const common = {
  description: text(127),
  out_trade_no: orderNumber,
  time_expire: text(64).optional(),
  attach: text(128).optional(),
  notify_url: text(256),
  goods_tag: text(32).optional(),
  support_fapiao: z.boolean().optional(),
  amount: z.strictObject({ total: z.int().min(1), currency: z.literal('CNY').optional() }),
  detail: object.optional(),
  scene_info: object.optional(),
  settle_info: object.optional(),
};

const directBody = z.strictObject({ ...common, appid: text(32), mchid: merchantNumber });

const partnerBody = z.strictObject({
  ...common,
  sp_appid: text(32),
  sp_mchid: merchantNumber,
  sub_appid: text(32).optional(),
  sub_mchid: merchantNumber,
});

type Basics = Pick<OrderDetails, 'mchid' | 'sub_mchid' | 'appid' | 'sub_appid'>;

function placeDirect(call: V3Call): V3Answer {
  const body = call.body(directBody);
  return place(call, body, { mchid: body.mchid, appid: body.appid });
}

function placePartner(call: V3Call): V3Answer {
  const body = call.body(partnerBody);
  const { sp_mchid, sub_mchid, sp_appid, sub_appid } = body;
  checkSubMerchant(call.merchant, sub_mchid);
  return place(call, body, { mchid: sp_mchid, sub_mchid, appid: sp_appid, sub_appid });
}

function place(call: V3Call, body: Omit<z.infer<typeof directBody>, 'mchid' | 'appid'>, basics: Basics): V3Answer {
  checkSigner(call.merchant, basics.mchid);
  if (basics.appid !== call.merchant.appid) throw appidMismatch();
  const { out_trade_no, attach, amount, notify_url } = body;
  const order = placeOrAgain(
    call,
    {
      kind: 'basic',
      ...basics,
      out_trade_no,
      trade_type: 'NATIVE',
      total: amount.total,
      currency: amount.currency ?? 'CNY',
      attach,
      notify: { url: notify_url, api: 'v3' },
      sub_orders: [],
    },
    'domestic',
  );
  return { status: 200, body: { code_url: codeUrl(order) } };
}

/** Native placement for direct merchants and service providers. */
export const nativeV3Routes: readonly V3Route[] = [
  { api: 'v3', method: 'POST', path: '/v3/pay/transactions/native', handle: placeDirect },
  { api: 'v3', method: 'POST', path: '/v3/pay/partner/transactions/native', handle: placePartner },
];
