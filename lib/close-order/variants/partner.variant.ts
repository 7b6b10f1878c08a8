import { z } from 'zod';

import type { ApiV3CloseVariant } from '../close-variant.js';
import { queryString } from '../order-query.js';
import { outTradeNo, spMchid, subMchid } from '../wire-fields.js';

const fields = {
  /** The order number at the service provider: 6 to 32 letters, digits, `_`, `-`, `|` or `*`. */
  out_trade_no: outTradeNo,
  /** The sub-merchant that the order was placed for. */
  sub_mchid: subMchid,
};

/** The service provider that signs; the configured one where it is left out. */
const sp_mchid = spMchid;

const subMchidRule = { path: ['sub_mchid'], error: 'must not be the same as sp_mchid' };

function subMchidHolds(request: { sp_mchid?: string | undefined; sub_mchid: string }): boolean {
  return request.sub_mchid !== request.sp_mchid;
}

/**
 * What {@link CloseOrderService.partner} takes.
 *
 * @see https://pay.weixin.qq.com/doc/v3/partner/4012759669
 */
export const partnerCloseRequestSchema = z
  .strictObject({ ...fields, sp_mchid: sp_mchid.optional() })
  .refine(subMchidHolds, subMchidRule);

const complete = z.strictObject({ ...fields, sp_mchid }).refine(subMchidHolds, subMchidRule);

function partiesOf(request: z.infer<typeof complete>) {
  return { sp_mchid: request.sp_mchid, sub_mchid: request.sub_mchid };
}

/** A request of {@link CloseOrderService.partner}. */
export type PartnerCloseRequest = z.infer<typeof partnerCloseRequestSchema>;

/** APIv3 `POST /v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close`, for service providers. */
export const partnerVariant: ApiV3CloseVariant<PartnerCloseRequest, z.infer<typeof complete>> = {
  api: 'v3',
  name: 'partner',
  host: 'mainland',
  minimumAge: { ms: 5 * 60_000, isBinding: false },
  request: partnerCloseRequestSchema,
  complete,
  merchantNumber: (request) => request.sp_mchid,
  fill: (request, merchant) => ({ ...request, sp_mchid: request.sp_mchid ?? merchant.mchid }),
  order: ({ sub_mchid, out_trade_no }) => ({ sub_mchid, out_trade_no }),
  path: ({ out_trade_no }) => `/v3/pay/partner/transactions/out-trade-no/${encodeURIComponent(out_trade_no)}/close`,
  body: partiesOf,
  query: {
    target: (request) =>
      `/v3/pay/partner/transactions/out-trade-no/${encodeURIComponent(request.out_trade_no)}?${queryString(partiesOf(request))}`,
    number: ({ out_trade_no }) => [['out_trade_no'], out_trade_no],
    parties: partiesOf,
  },
};
