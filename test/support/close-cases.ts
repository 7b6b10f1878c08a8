import type { Observable } from 'rxjs';
import type { ClosedOrder, CloseOptions, CloseOrderService } from 'nestjs-wechatpay';
import type { EmulatorOrder, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

/** One variant, as an order that can be placed on the emulator and closed through the service. */
export interface CloseCase {
  readonly name: string;
  readonly api: 'v2' | 'v3';
  /** Places an order under a number. */
  place(emulator: WechatPayEmulator, number: string): EmulatorOrder;
  /** Closes it; for variants by `transaction_id` the emulator knows the id. */
  close(
    service: CloseOrderService,
    number: string,
    emulator: WechatPayEmulator,
    options?: CloseOptions,
  ): Observable<ClosedOrder>;
  /** The raw path that must arrive. */
  path(number: string, emulator: WechatPayEmulator): string;
}

const mchid = '1900000109';
const sub_mchid = '1230000109';
const combine_appid = 'wx8888888888888888';
const parts = (number: string) => [
  { mchid, sub_mchid, out_trade_no: `${number}-1` },
  { mchid, sub_mchid, out_trade_no: `${number}-2` },
];

function transactionId(emulator: WechatPayEmulator, number: string): string {
  return emulator.order(number)?.transaction_id ?? '4200000000000000000000000000';
}

/** The nine variants. */
export const CLOSE_CASES: readonly CloseCase[] = [
  {
    name: 'v2',
    api: 'v2',
    place: (emulator, out_trade_no) => emulator.place({ out_trade_no }),
    close: (service, out_trade_no, _, options) => service.v2({ out_trade_no }, options),
    path: () => '/pay/closeorder',
  },
  {
    name: 'direct',
    api: 'v3',
    place: (emulator, out_trade_no) => emulator.place({ out_trade_no }),
    close: (service, out_trade_no, _, options) => service.direct({ out_trade_no }, options),
    path: (number) => `/v3/pay/transactions/out-trade-no/${number}/close`,
  },
  {
    name: 'partner',
    api: 'v3',
    place: (emulator, out_trade_no) => emulator.place({ out_trade_no, sub_mchid }),
    close: (service, out_trade_no, _, options) => service.partner({ out_trade_no, sub_mchid }, options),
    path: (number) => `/v3/pay/partner/transactions/out-trade-no/${number}/close`,
  },
  {
    name: 'combine',
    api: 'v3',
    place: (emulator, number) =>
      emulator.place({ kind: 'combine', combine_appid, combine_out_trade_no: number, sub_orders: parts(number) }),
    close: (service, number, _, options) =>
      service.combine({ combine_appid, combine_out_trade_no: number, sub_orders: parts(number) }, options),
    path: (number) => `/v3/combine-transactions/out-trade-no/${number}/close`,
  },
  {
    name: 'repayment',
    api: 'v3',
    place: (emulator, number) =>
      emulator.place({ kind: 'repayment', combine_out_trade_no: number, sub_orders: parts(number) }),
    close: (service, number, _, options) =>
      service.repayment({ combine_out_trade_no: number, sub_orders: parts(number) }, options),
    path: (number) => `/v3/repayment/combine-transactions/partner/out-trade-no/${number}/close`,
  },
  {
    name: 'hkById',
    api: 'v3',
    place: (emulator, out_trade_no) => emulator.place({ kind: 'overseas', out_trade_no }),
    close: (service, number, emulator, options) =>
      service.hkById({ transaction_id: transactionId(emulator, number) }, options),
    path: (number, emulator) => `/hk/v3/transactions/id/${transactionId(emulator, number)}/close`,
  },
  {
    name: 'hkByOutTradeNo',
    api: 'v3',
    place: (emulator, out_trade_no) => emulator.place({ kind: 'overseas', out_trade_no, sub_mchid }),
    close: (service, out_trade_no, _, options) => service.hkByOutTradeNo({ out_trade_no, sub_mchid }, options),
    path: (number) => `/hk/v3/transactions/out-trade-no/${number}/close`,
  },
  {
    name: 'globalById',
    api: 'v3',
    place: (emulator, out_trade_no) => emulator.place({ kind: 'overseas', out_trade_no, sub_mchid }),
    close: (service, number, emulator, options) =>
      service.globalById({ transaction_id: transactionId(emulator, number), sub_mchid }, options),
    path: (number, emulator) => `/v3/global/transactions/id/${transactionId(emulator, number)}/close`,
  },
  {
    name: 'globalByOutTradeNo',
    api: 'v3',
    place: (emulator, out_trade_no) => emulator.place({ kind: 'overseas', out_trade_no }),
    close: (service, out_trade_no, _, options) => service.globalByOutTradeNo({ out_trade_no }, options),
    path: (number) => `/v3/global/transactions/out-trade-no/${number}/close`,
  },
];
