import { z } from 'zod';

import type { ApiV3CloseVariant } from '../close-variant.js';
import { mchid, outTradeNo } from '../wire-fields.js';

const complete = z.strictObject({
  /** The merchant's own order number: 6 to 32 letters, digits, `_`, `-`, `|` or `*`. */
  out_trade_no: outTradeNo,
  /** The merchant that signs; the configured one where it is left out. */
  mchid,
});

/**
 * What {@link CloseOrderService.direct} takes.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070360
 */
export const directCloseRequestSchema = complete.partial({ mchid: true });

/** A request of {@link CloseOrderService.direct}. */
export type DirectCloseRequest = z.infer<typeof directCloseRequestSchema>;

/** APIv3 `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`, for direct merchants. */
export const directVariant: ApiV3CloseVariant<DirectCloseRequest, z.infer<typeof complete>> = {
  api: 'v3',
  name: 'direct',
  host: 'mainland',
  minimumAge: { ms: 5 * 60_000, isBinding: false },
  request: directCloseRequestSchema,
  complete,
  merchantNumber: (request) => request.mchid,
  fill: (request, merchant) => ({ ...request, mchid: request.mchid ?? merchant.mchid }),
  order: ({ out_trade_no }) => ({ out_trade_no }),
  path: ({ out_trade_no }) => `/v3/pay/transactions/out-trade-no/${encodeURIComponent(out_trade_no)}/close`,
  body: (request) => ({ mchid: request.mchid }),
  query: {
    target: (request) =>
      `/v3/pay/transactions/out-trade-no/${encodeURIComponent(request.out_trade_no)}?mchid=${request.mchid}`,
    number: ({ out_trade_no }) => [['out_trade_no'], out_trade_no],
    parties: (request) => ({ mchid: request.mchid }),
  },
};
