import type { z } from 'zod';

import { byId, byOutTradeNo, overseasByIdVariant, overseasByOutTradeNoVariant } from './overseas-variants.js';

const PREFIX = '/hk/v3/transactions';

/**
 * What {@link CloseOrderService.hkById} takes.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/wxpay/ch/fusion_wallet_ch/NativePay/chapter8_6.shtml
 */
export const hkCloseByIdRequestSchema = byId.request;

/** A request of {@link CloseOrderService.hkById}. */
export type HkCloseByIdRequest = z.infer<typeof hkCloseByIdRequestSchema>;

/** APIv3 `POST /hk/v3/transactions/id/{transaction_id}/close` on api.mch, superseded by the global endpoint and still served. */
export const hkByIdVariant = overseasByIdVariant('hkById', 'mainland', PREFIX);

/**
 * What {@link CloseOrderService.hkByOutTradeNo} takes.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/wxpay/ch/fusion_wallet_ch/NativePay/chapter8_6.shtml
 */
export const hkCloseByOutTradeNoRequestSchema = byOutTradeNo.request;

/** A request of {@link CloseOrderService.hkByOutTradeNo}. */
export type HkCloseByOutTradeNoRequest = z.infer<typeof hkCloseByOutTradeNoRequestSchema>;

/** APIv3 `POST /hk/v3/transactions/out-trade-no/{out_trade_no}/close` on api.mch, superseded by the global endpoint and still served. */
export const hkByOutTradeNoVariant = overseasByOutTradeNoVariant('hkByOutTradeNo', 'mainland', PREFIX);
