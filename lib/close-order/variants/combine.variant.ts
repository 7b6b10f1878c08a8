import { z } from 'zod';

import type { ApiV3CloseVariant } from '../close-variant.js';
import {
  appid,
  combineOutTradeNo,
  eachOnce,
  mchid,
  SUB_ORDERS,
  subAppid,
  subMchid,
  subOutTradeNo,
  text,
} from '../wire-fields.js';

const subOrder = z.strictObject({
  /** The part's merchant. */
  mchid,
  /** The part's own order number: 6 to 32 letters, digits, `_`, `-`, `|`, `*` or `@`. */
  out_trade_no: subOutTradeNo,
  /** The part's sub-merchant; service providers must give it, direct merchants leave it out. */
  sub_mchid: subMchid.optional(),
  /** The sub-merchant's appid. */
  sub_appid: subAppid.optional(),
  /** Personal collection only. */
  individual_auth_id: text(/^[!-~]{1,64}$/, 'must be 1 to 64 visible ASCII characters')
    .meta({ description: '个人收款授权ID. Personal collection only: the authorisation of the one who collects' })
    .optional(),
});

/**
 * What {@link CloseOrderService.combine} takes. Every part of the order must be there, exactly as it was placed: there is
 * no partial close.
 *
 * @see https://pay.weixin.qq.com/doc/v3/partner/4012761079
 */
export const combineCloseRequestSchema = z.strictObject({
  /** The combined order's number: 1 to 32 letters, digits, `_`, `-`, `|`, `*` or `@`. */
  combine_out_trade_no: combineOutTradeNo,
  /** The appid that placed the combined order. */
  combine_appid: appid,
  /** 1 to 50 parts, each once. */
  sub_orders: z
    .array(subOrder, 'must be an array of sub-orders')
    .min(1, 'must hold at least 1 sub-order')
    .max(50, 'must hold at most 50 sub-orders')
    .refine(eachOnce, 'must hold each sub-order once')
    .meta({ description: SUB_ORDERS }),
});

/** A request of {@link CloseOrderService.combine}. */
export type CombineCloseRequest = z.infer<typeof combineCloseRequestSchema>;

/** APIv3 `POST /v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close`, signed by who placed the order. */
export const combineVariant: ApiV3CloseVariant<CombineCloseRequest> = {
  api: 'v3',
  name: 'combine',
  host: 'mainland',
  request: combineCloseRequestSchema,
  complete: combineCloseRequestSchema,
  merchantNumber: () => undefined,
  fill: (request) => request,
  order: ({ combine_out_trade_no }) => ({ combine_out_trade_no }),
  path: ({ combine_out_trade_no }) =>
    `/v3/combine-transactions/out-trade-no/${encodeURIComponent(combine_out_trade_no)}/close`,
  body: ({ combine_appid, sub_orders }) => ({ combine_appid, sub_orders }),
  query: {
    target: ({ combine_out_trade_no }) =>
      `/v3/combine-transactions/out-trade-no/${encodeURIComponent(combine_out_trade_no)}`,
    number: ({ combine_out_trade_no }) => [['combine_out_trade_no'], combine_out_trade_no],
    parties: () => ({}),
    parts: ({ sub_orders }) => sub_orders,
  },
};
