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
 * What {@link CloseOrderService.globalById} takes.
 *
 * @see https://pay.weixin.qq.com/doc/global/v3/zh/4013014140
 */
export const globalCloseByIdRequestSchema = byId.request;

/** A request of {@link CloseOrderService.globalById}. */
export type GlobalCloseByIdRequest = z.infer<typeof globalCloseByIdRequestSchema>;

/** APIv3 `POST /v3/global/transactions/id/{transaction_id}/close` on apihk.mch. */
export const globalByIdVariant: ApiV3CloseVariant<GlobalCloseByIdRequest, z.infer<typeof byId.complete>> = {
  api: 'v3',
  name: 'globalById',
  host: 'overseas',
  request: globalCloseByIdRequestSchema,
  complete: byId.complete,
  merchantNumber: overseasSigner,
  fill: fillOverseas,
  order: ({ sub_mchid, transaction_id }) => ({ ...(sub_mchid !== undefined && { sub_mchid }), transaction_id }),
  path: ({ transaction_id }) => `/v3/global/transactions/id/${encodeURIComponent(transaction_id)}/close`,
  body: overseasBody,
};

/**
 * What {@link CloseOrderService.globalByOutTradeNo} takes.
 *
 * @see https://pay.weixin.qq.com/doc/global/v3/zh/4013014140
 */
export const globalCloseByOutTradeNoRequestSchema = byOutTradeNo.request;

/** A request of {@link CloseOrderService.globalByOutTradeNo}. */
export type GlobalCloseByOutTradeNoRequest = z.infer<typeof globalCloseByOutTradeNoRequestSchema>;

/** APIv3 `POST /v3/global/transactions/out-trade-no/{out_trade_no}/close` on apihk.mch. */
export const globalByOutTradeNoVariant: ApiV3CloseVariant<
  GlobalCloseByOutTradeNoRequest,
  z.infer<typeof byOutTradeNo.complete>
> = {
  api: 'v3',
  name: 'globalByOutTradeNo',
  host: 'overseas',
  request: globalCloseByOutTradeNoRequestSchema,
  complete: byOutTradeNo.complete,
  merchantNumber: overseasSigner,
  fill: fillOverseas,
  order: ({ sub_mchid, out_trade_no }) => ({ ...(sub_mchid !== undefined && { sub_mchid }), out_trade_no }),
  path: ({ out_trade_no }) => `/v3/global/transactions/out-trade-no/${encodeURIComponent(out_trade_no)}/close`,
  body: overseasBody,
};
