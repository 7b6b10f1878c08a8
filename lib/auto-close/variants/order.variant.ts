import { z } from 'zod';

import type { ApiV3CloseVariant } from '../../close-order/close-variant.js';
import { mchid } from '../../close-order/wire-fields.js';
import type { OrderReference } from '../../errors/order-reference.js';

const number = z.string('must be text').min(1, 'must not be empty').max(128, 'must be 128 characters at most');
const NUMBERS = ['out_trade_no', 'combine_out_trade_no', 'transaction_id'] as const;

const fields = {
  sub_mchid: mchid.optional(),
  out_trade_no: number.optional(),
  combine_out_trade_no: number.optional(),
  transaction_id: number.optional(),
};

type Given = Partial<Record<'mchid' | 'sub_mchid' | (typeof NUMBERS)[number], string | undefined>>;

function namesOne(order: Given): boolean {
  return NUMBERS.filter((name) => order[name] !== undefined).length === 1;
}

const rule = 'must name the order by exactly one of out_trade_no, combine_out_trade_no and transaction_id';
const complete = z.strictObject({ ...fields, mchid }).refine(namesOne, rule);
const request = z.strictObject({ ...fields, mchid: mchid.optional() }).refine(namesOne, rule);

/**
 * How an application names an order that it scheduled: as {@link OrderReference}, where the only merchant may be left out. It is no
 * endpoint and is never sent; it lets the order's merchant be found and checked as that of every request.
 */
export const orderVariant: ApiV3CloseVariant<Given, Given> = {
  api: 'v3',
  name: 'order',
  host: 'mainland',
  request,
  complete,
  merchantNumber: (order) => order.mchid,
  fill: (order, merchant) => ({ ...order, mchid: order.mchid ?? merchant.mchid }),
  order: ({ sub_mchid, out_trade_no, combine_out_trade_no, transaction_id }): OrderReference => ({
    ...(sub_mchid !== undefined && { sub_mchid }),
    ...(out_trade_no !== undefined && { out_trade_no }),
    ...(combine_out_trade_no !== undefined && { combine_out_trade_no }),
    ...(transaction_id !== undefined && { transaction_id }),
  }),
  path: () => '/',
  body: () => ({}),
};
