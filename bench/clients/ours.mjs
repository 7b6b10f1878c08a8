import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { CloseOrderService, WechatPayModule } from 'nestjs-wechatpay';
import { firstValueFrom } from 'rxjs';

/** Our service in a Nest application, with everything on that is on by default. */
export async function makeOurs({ keys, origin, merchants = 1 }) {
  const { mchid, appid, sub_mchid, serialNo, merchant, platform, publicKeyId, apiV2Key } = keys;
  const one = (number) => ({
    mchid: number,
    appid,
    apiV2: { key: apiV2Key, signType: 'HMAC-SHA256' },
    apiV3: { serialNo, privateKey: merchant.privateKey, publicKeys: { [publicKeyId]: platform.publicKey } },
  });
  const others = Array.from({ length: merchants - 1 }, (_, index) => one(String(2_000_000_000 + index)));
  const app = await NestFactory.createApplicationContext(
    WechatPayModule.forRoot({ merchants: [one(mchid), ...others], hosts: { mainland: origin, overseas: origin } }),
    { logger: false },
  );
  const service = app.get(CloseOrderService);
  return {
    v3: (out_trade_no) => firstValueFrom(service.partner({ out_trade_no, sp_mchid: mchid, sub_mchid })),
    v2: (out_trade_no) => firstValueFrom(service.v2({ out_trade_no, mch_id: mchid })),
    end: () => app.close(),
  };
}
