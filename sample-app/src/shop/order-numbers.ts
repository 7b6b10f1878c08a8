import { Inject, Injectable } from '@nestjs/common';
import type { OrderReference } from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

/** Knows which order is meant. A real shop looks a `transaction_id` up in its own database. */
@Injectable()
export class OrderNumbers {
  constructor(@Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator) {}

  /**
   * The shop's own number of an order.
   *
   * @param reference - as the library names it
   */
  numberOf({ out_trade_no, combine_out_trade_no, transaction_id }: OrderReference): string | undefined {
    const number = out_trade_no ?? combine_out_trade_no;
    if (number !== undefined || transaction_id === undefined) return number;
    return this.emulator.orders.find((order) => order.transaction_id === transaction_id)?.out_trade_no;
  }
}
