import type { z } from 'zod';

import type { ApiV3CloseVariant } from '../close-variant.js';
import { overseasOutTradeNo, transactionId } from '../wire-fields.js';
import { fillOverseas, overseasBody, overseasForms, overseasSigner } from './overseas-forms.js';

const byId = overseasForms({
  /** WeChat Pay's own order number: 1 to 32 letters or digits. */
  transaction_id: transactionId,
});

const byOutTradeNo = overseasForms({
  /** The merchant's own order number: 1 to 32 letters, digits, `_`, `-`, `|` or `*`. */
  out_trade_no: overseasOutTradeNo,
});

/**
 * What {@link CloseOrderService.hkById} takes.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/wxpay/ch/fusion_wallet_ch/NativePay/chapter8_6.shtml
 */
export const hkCloseByIdRequestSchema = byId.request;

/** A request of {@link CloseOrderService.hkById}. */
export type HkCloseByIdRequest = z.infer<typeof hkCloseByIdRequestSchema>;

/** APIv3 `POST /hk/v3/transactions/id/{transaction_id}/close` on api.mch, superseded by the global endpoint and still served. */
export const hkByIdVariant: ApiV3CloseVariant<HkCloseByIdRequest, z.infer<typeof byId.complete>> = {
  api: 'v3',
  name: 'hkById',
  host: 'mainland',
  request: hkCloseByIdRequestSchema,
  complete: byId.complete,
  merchantNumber: overseasSigner,
  fill: fillOverseas,
  order: ({ sub_mchid, transaction_id }) => ({ ...(sub_mchid !== undefined && { sub_mchid }), transaction_id }),
  path: ({ transaction_id }) => `/hk/v3/transactions/id/${encodeURIComponent(transaction_id)}/close`,
  body: overseasBody,
};

/**
 * What {@link CloseOrderService.hkByOutTradeNo} takes.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/wxpay/ch/fusion_wallet_ch/NativePay/chapter8_6.shtml
 */
export const hkCloseByOutTradeNoRequestSchema = byOutTradeNo.request;

/** A request of {@link CloseOrderService.hkByOutTradeNo}. */
export type HkCloseByOutTradeNoRequest = z.infer<typeof hkCloseByOutTradeNoRequestSchema>;

/** APIv3 `POST /hk/v3/transactions/out-trade-no/{out_trade_no}/close` on api.mch, superseded by the global endpoint and still served. */
export const hkByOutTradeNoVariant: ApiV3CloseVariant<
  HkCloseByOutTradeNoRequest,
  z.infer<typeof byOutTradeNo.complete>
> = {
  api: 'v3',
  name: 'hkByOutTradeNo',
  host: 'mainland',
  request: hkCloseByOutTradeNoRequestSchema,
  complete: byOutTradeNo.complete,
  merchantNumber: overseasSigner,
  fill: fillOverseas,
  order: ({ sub_mchid, out_trade_no }) => ({ ...(sub_mchid !== undefined && { sub_mchid }), out_trade_no }),
  path: ({ out_trade_no }) => `/hk/v3/transactions/out-trade-no/${encodeURIComponent(out_trade_no)}/close`,
  body: overseasBody,
};
