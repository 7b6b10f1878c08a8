import { chance } from './chance.mjs';

/**
 * @import { Observable } from 'rxjs'
 * @import { ClosedOrder, CloseOrderService } from 'nestjs-wechatpay'
 * @import { EmulatorOrder, WechatPayEmulator } from 'nestjs-wechatpay/emulator'
 *
 * @typedef {object} Variant
 * @property {string} name
 * @property {(emulator: WechatPayEmulator, number: string) => EmulatorOrder} place
 * @property {(service: CloseOrderService, number: string) => Observable<ClosedOrder>} close
 */

const mchid = '1900000109';
const sub_mchid = '1230000109';
const combine_appid = 'wx8888888888888888';
const parts = (/** @type {string} */ number) =>
  ['1', '2'].map((part) => ({ mchid, sub_mchid, out_trade_no: `${number}-${part}` }));

/** @type {readonly Variant[]} */
export const VARIANTS = [
  {
    name: 'v2',
    place: (emulator, out_trade_no) => emulator.place({ out_trade_no }),
    close: (service, out_trade_no) => service.v2({ out_trade_no }),
  },
  {
    name: 'direct',
    place: (emulator, out_trade_no) => emulator.place({ out_trade_no }),
    close: (service, out_trade_no) => service.direct({ out_trade_no }),
  },
  {
    name: 'partner',
    place: (emulator, out_trade_no) => emulator.place({ out_trade_no, sub_mchid }),
    close: (service, out_trade_no) => service.partner({ out_trade_no, sub_mchid }),
  },
  {
    name: 'combine',
    place: (emulator, number) =>
      emulator.place({ kind: 'combine', combine_appid, combine_out_trade_no: number, sub_orders: parts(number) }),
    close: (service, number) =>
      service.combine({ combine_appid, combine_out_trade_no: number, sub_orders: parts(number) }),
  },
];

/** What happens to an order apart from the faults that its replies meet, and to how many of 100 orders. */
const FATES = /** @type {const} */ ([
  ['paid just before the close', 8],
  ['paid and refunded before', 2],
  ['paid while it is being closed', 4],
  ['the buyer types the password, then pays', 2],
  ['every reply to the close is lost', 3],
  ['nothing', 81],
]);

/**
 * @typedef {(typeof FATES)[number][0]} Fate
 *
 * @param {...(string | number)} seed - what it depends on
 * @returns {Fate}
 */
export function fateOf(...seed) {
  let rest = chance('fate', ...seed) * 100;
  return FATES.find(([, share]) => (rest -= share) < 0)?.[0] ?? 'nothing';
}
