import type { OrderToClose } from 'nestjs-wechatpay/auto-close';
import type { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

const mchid = '1900000109';
const sub_mchid = '1230000109';
const combine_appid = 'wx8888888888888888';

/** What schedules the order that the close case of the same name places. */
export function scheduleOf(variant: string, number: string, emulator: WechatPayEmulator): OrderToClose {
  const transaction_id = emulator.order(number)?.transaction_id ?? '4200000000000000000000000000';
  const sub_orders = [`${number}-1`, `${number}-2`].map((out_trade_no) => ({ mchid, sub_mchid, out_trade_no }));
  const cases: Readonly<Record<string, OrderToClose>> = {
    v2: { variant: 'v2', request: { out_trade_no: number } },
    direct: { variant: 'direct', request: { out_trade_no: number } },
    partner: { variant: 'partner', request: { out_trade_no: number, sub_mchid } },
    combine: { variant: 'combine', request: { combine_appid, combine_out_trade_no: number, sub_orders } },
    repayment: { variant: 'repayment', request: { combine_out_trade_no: number, sub_orders } },
    hkById: { variant: 'hkById', request: { transaction_id } },
    hkByOutTradeNo: { variant: 'hkByOutTradeNo', request: { out_trade_no: number, sub_mchid } },
    globalById: { variant: 'globalById', request: { transaction_id, sub_mchid } },
    globalByOutTradeNo: { variant: 'globalByOutTradeNo', request: { out_trade_no: number } },
  };
  const found = cases[variant];
  if (found === undefined) throw new Error(`There is no case ${variant}.`);
  return found;
}
