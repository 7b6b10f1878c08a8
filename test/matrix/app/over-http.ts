import { Module } from '@nestjs/common';
import { WechatPayModule } from 'nestjs-wechatpay';
import { type WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { createApp } from './host.js';
import { ShopModule } from './shop.js';

/** Closes an order through the shop's own HTTP, with `forRoot`. */
export async function closeOverHttp(emulator: WechatPayEmulator): Promise<unknown> {
  @Module({ imports: [WechatPayModule.forRoot({ isGlobal: true, ...emulator.options() }), ShopModule] })
  class AppModule {}

  const app = await createApp(AppModule);
  await app.listen(0, '127.0.0.1');
  emulator.place({ out_trade_no: 'HTTP001', sub_mchid: '1230000109' });
  const response = await fetch(`${await app.getUrl()}/orders/HTTP001/close`, { method: 'POST' });
  const { state, variant, confirmedBy } = (await response.json()) as Record<string, unknown>;
  await app.close();
  return { state, variant, confirmedBy };
}
