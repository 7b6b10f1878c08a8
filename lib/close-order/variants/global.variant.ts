import type { z } from 'zod';

import { byId, byOutTradeNo, overseasByIdVariant, overseasByOutTradeNoVariant } from './overseas-variants.js';

const PREFIX = '/v3/global/transactions';

/**
 * What {@link CloseOrderService.globalById} takes.
 *
 * @see https://pay.weixin.qq.com/doc/global/v3/zh/4013014140
 */
export const globalCloseByIdRequestSchema = byId.request;

/** A request of {@link CloseOrderService.globalById}. */
export type GlobalCloseByIdRequest = z.infer<typeof globalCloseByIdRequestSchema>;

/** APIv3 `POST /v3/global/transactions/id/{transaction_id}/close` on apihk.mch. */
export const globalByIdVariant = overseasByIdVariant('globalById', 'overseas', PREFIX);

/**
 * What {@link CloseOrderService.globalByOutTradeNo} takes.
 *
 * @see https://pay.weixin.qq.com/doc/global/v3/zh/4013014140
 */
export const globalCloseByOutTradeNoRequestSchema = byOutTradeNo.request;

/** A request of {@link CloseOrderService.globalByOutTradeNo}. */
export type GlobalCloseByOutTradeNoRequest = z.infer<typeof globalCloseByOutTradeNoRequestSchema>;

/** APIv3 `POST /v3/global/transactions/out-trade-no/{out_trade_no}/close` on apihk.mch. */
export const globalByOutTradeNoVariant = overseasByOutTradeNoVariant('globalByOutTradeNo', 'overseas', PREFIX);
