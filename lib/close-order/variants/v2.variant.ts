import { z } from 'zod';

import type { ApiV2CloseVariant } from '../close-variant.js';
import { appid, mchid, outTradeNo, subAppid, subMchid, text } from '../wire-fields.js';

const fields = {
  /** The merchant's own order number: 6 to 32 letters, digits, `_`, `-`, `|` or `*`. */
  out_trade_no: outTradeNo,
  /** A service provider's sub-merchant, the one the order was placed for. */
  sub_mch_id: subMchid.optional(),
  /** The sub-merchant's appid; only together with `sub_mch_id`. */
  sub_appid: subAppid.optional(),
  /** Made up where it is left out: at most 32 letters and digits. Give one only if you must; it should never repeat. */
  nonce_str: text(/^[0-9A-Za-z]{1,32}$/, 'must be 1 to 32 letters or digits')
    .meta({ description: '随机字符串. Made up where it is left out: 1 to 32 letters or digits' })
    .optional(),
  /** How to sign this request; the merchant's `signType` where it is left out. */
  sign_type: z
    .enum(['MD5', 'HMAC-SHA256'], { error: 'must be MD5 or HMAC-SHA256' })
    .meta({ description: "签名类型. How to sign; the merchant's own where it is left out" })
    .optional(),
};

const own = {
  /** The appid that the merchant is bound to; the configured one where it is left out. */
  appid,
  /** The merchant that signs; the configured one where it is left out. */
  mch_id: mchid,
};

const subAppidRule = {
  path: ['sub_appid'],
  error: 'is allowed only together with sub_mch_id',
};

function subAppidHolds(request: { sub_appid?: string | undefined; sub_mch_id?: string | undefined }): boolean {
  return request.sub_appid === undefined || request.sub_mch_id !== undefined;
}

/**
 * What {@link CloseOrderService.v2} takes.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_3
 */
export const v2CloseRequestSchema = z
  .strictObject({ ...fields, appid: own.appid.optional(), mch_id: own.mch_id.optional() })
  .refine(subAppidHolds, subAppidRule);

const complete = z.strictObject({ ...own, ...fields }).refine(subAppidHolds, subAppidRule);

/** A request of {@link CloseOrderService.v2}. */
export type V2CloseRequest = z.infer<typeof v2CloseRequestSchema>;

/** APIv2 `POST /pay/closeorder`: XML, signed with MD5 or HMAC-SHA256, for direct merchants and service providers. */
export const v2Variant: ApiV2CloseVariant<V2CloseRequest, z.infer<typeof complete>> = {
  api: 'v2',
  name: 'v2',
  host: 'mainland',
  minimumAge: { ms: 5 * 60_000, isBinding: true },
  request: v2CloseRequestSchema,
  complete,
  merchantNumber: ({ mch_id }) => mch_id,
  fill: (request, merchant) => ({
    ...request,
    appid: request.appid ?? merchant.appid,
    mch_id: request.mch_id ?? merchant.mchid,
  }),
  order: ({ sub_mch_id, out_trade_no }) => ({
    ...(sub_mch_id !== undefined && { sub_mchid: sub_mch_id }),
    out_trade_no,
  }),
  path: () => '/pay/closeorder',
  fields: (request) => request,
  query: {
    target: () => '/pay/orderquery',
    number: ({ out_trade_no }) => [['out_trade_no'], out_trade_no],
    parties: ({ appid: ours, mch_id, sub_mch_id }) => ({ appid: ours, mch_id, sub_mch_id }),
  },
};
