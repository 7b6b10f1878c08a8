import { z } from 'zod';

import type { PlaceOrder } from './place-order.js';

const merchantNumber = z.string().regex(/^\d{1,32}$/, 'a merchant number has 1 to 32 digits');
const orderNumber = z.string().regex(/^[\w\-|*@]{1,32}$/, 'an order number has 1 to 32 letters, digits or _-|*@');
const notify_url = z.url().max(256).optional();
const appid = z.string().min(1).max(32);

const any = {
  total: z.int().min(1).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  attach: z.string().max(128).optional(),
};

const subOrder = z.strictObject({
  ...any,
  mchid: merchantNumber.optional(),
  sub_mchid: merchantNumber.optional(),
  sub_appid: appid.optional(),
  out_trade_no: orderNumber,
});

const basic = z.strictObject({
  ...any,
  kind: z.literal('basic').optional(),
  mchid: merchantNumber.optional(),
  sub_mchid: merchantNumber.optional(),
  appid: appid.optional(),
  sub_appid: appid.optional(),
  out_trade_no: orderNumber,
  trade_type: z.enum(['NATIVE', 'MICROPAY']).optional(),
  notify_url,
  notify_api: z.enum(['v2', 'v3']).optional(),
});

const combine = z.strictObject({
  kind: z.literal('combine'),
  combine_mchid: merchantNumber.optional(),
  combine_appid: appid.optional(),
  combine_out_trade_no: orderNumber,
  notify_url,
  sub_orders: z.array(subOrder).min(1).max(50),
});

const repayment = z.strictObject({
  kind: z.literal('repayment'),
  combine_mchid: merchantNumber.optional(),
  combine_out_trade_no: orderNumber,
  notify_url,
  sub_orders: z.array(subOrder).min(1).max(10),
});

const overseas = z.strictObject({
  ...any,
  kind: z.literal('overseas'),
  mchid: merchantNumber.optional(),
  sp_mchid: merchantNumber.optional(),
  sub_mchid: merchantNumber.optional(),
  appid: appid.optional(),
  sub_appid: appid.optional(),
  out_trade_no: orderNumber,
  notify_url,
});

/** Checks what a control call places. */
export const placeOrderSchema: z.ZodType<PlaceOrder> = z.discriminatedUnion('kind', [
  basic,
  combine,
  repayment,
  overseas,
]);
