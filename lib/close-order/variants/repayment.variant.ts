import { z } from 'zod';

import type { ApiV3CloseVariant } from '../close-variant.js';
import { combineOutTradeNo, eachOnce, mchid, SUB_ORDERS, subMchid, subOutTradeNo } from '../wire-fields.js';

const subOrder = z.strictObject({
  /** The part's merchant. */
  mchid,
  /** The part's own order number: 6 to 32 letters, digits, `_`, `-`, `|`, `*` or `@`. */
  out_trade_no: subOutTradeNo,
  /** The part's sub-merchant. */
  sub_mchid: subMchid.optional(),
});

/**
 * What {@link CloseOrderService.repayment} takes. Every part of the order must be there, exactly as it was placed.
 *
 * @see https://pay.weixin.qq.com/doc/v3/partner/4015124497
 */
export const repaymentCloseRequestSchema = z.strictObject({
  /** The combined order's number: 1 to 32 letters, digits, `_`, `-`, `|`, `*` or `@`. */
  combine_out_trade_no: combineOutTradeNo,
  /** 1 to 10 parts, each once. */
  sub_orders: z
    .array(subOrder, 'must be an array of sub-orders')
    .min(1, 'must hold at least 1 sub-order')
    .max(10, 'must hold at most 10 sub-orders')
    .refine(eachOnce, 'must hold each sub-order once')
    .meta({ description: SUB_ORDERS }),
});

/** A request of {@link CloseOrderService.repayment}. */
export type RepaymentCloseRequest = z.infer<typeof repaymentCloseRequestSchema>;

/**
 * APIv3 `POST /v3/repayment/combine-transactions/partner/out-trade-no/{combine_out_trade_no}/close`, for platforms of the
 * repayment product.
 */
export const repaymentVariant: ApiV3CloseVariant<RepaymentCloseRequest> = {
  api: 'v3',
  name: 'repayment',
  host: 'mainland',
  request: repaymentCloseRequestSchema,
  complete: repaymentCloseRequestSchema,
  merchantNumber: () => undefined,
  fill: (request) => request,
  order: ({ combine_out_trade_no }) => ({ combine_out_trade_no }),
  path: ({ combine_out_trade_no }) =>
    `/v3/repayment/combine-transactions/partner/out-trade-no/${encodeURIComponent(combine_out_trade_no)}/close`,
  body: ({ sub_orders }) => ({ sub_orders }),
  query: {
    target: ({ combine_out_trade_no }) =>
      `/v3/repayment/combine-transactions/partner/out-trade-no/${encodeURIComponent(combine_out_trade_no)}`,
    number: ({ combine_out_trade_no }) => [['combine_out_trade_no'], combine_out_trade_no],
    parties: () => ({}),
    parts: ({ sub_orders }) => sub_orders,
  },
};
