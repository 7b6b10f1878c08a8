import { z } from 'zod';

import { combineOutTradeNo as orderNumber, mchid, text, transactionId } from '../../close-order/wire-fields.js';

const fen = text(/^\d{1,16}$/, 'must be an amount in fen');

/**
 * The fields of an APIv2 payment notification.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_7
 */
export const v2PaymentSchema = z
  .object({
    appid: z.string().optional(),
    mch_id: mchid,
    sub_appid: z.string().optional(),
    sub_mch_id: mchid.optional(),
    out_trade_no: orderNumber,
    transaction_id: transactionId,
    total_fee: fen,
    cash_fee: fen.optional(),
    fee_type: z.string().optional(),
    trade_type: z.string().optional(),
    bank_type: z.string().optional(),
    openid: z.string().optional(),
    attach: z.string().optional(),
    time_end: text(/^\d{14}$/, "must be yyyyMMddHHmmss of Beijing's clocks"),
  })
  .catchall(z.string());

/** The fields of an APIv2 payment notification that have a value; those that WeChat Pay adds one day are among them. */
export type V2Payment = z.infer<typeof v2PaymentSchema>;
