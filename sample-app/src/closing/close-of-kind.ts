import type { OrderToClose } from 'nestjs-wechatpay/auto-close';
import { DEFAULT_MERCHANT } from 'nestjs-wechatpay/emulator';

import type { PlaceRequest } from '../shop/place-request.js';

const { mchid, appid = '' } = DEFAULT_MERCHANT;
const sub_mchid = DEFAULT_MERCHANT.subMchids?.[0] ?? '';

/**
 * How an order of a kind is closed. It is known before the order is placed, so it can be scheduled first.
 *
 * @param kind - what is bought
 * @param number - the merchant's number for it
 */
export function closeOfKind(kind: PlaceRequest['kind'], number: string): OrderToClose {
  const sub_orders = [1, 2].map((part) => ({ mchid, sub_mchid, out_trade_no: `${number}-${part}` }));
  switch (kind) {
    case 'basic':
    case 'payment-code':
      return { variant: 'direct', request: { out_trade_no: number } };
    case 'partner':
      return { variant: 'partner', request: { out_trade_no: number, sub_mchid } };
    case 'combine':
      return { variant: 'combine', request: { combine_out_trade_no: number, combine_appid: appid, sub_orders } };
    case 'repayment':
      return { variant: 'repayment', request: { combine_out_trade_no: number, sub_orders } };
    case 'overseas':
      return { variant: 'globalByOutTradeNo', request: { out_trade_no: number } };
  }
}
