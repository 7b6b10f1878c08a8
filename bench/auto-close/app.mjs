import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { WechatPayModule } from 'nestjs-wechatpay';
import { AutoCloseModule } from 'nestjs-wechatpay/auto-close';

/**
 * Opens an application with auto-close as it is by default, on a store and a stub of WeChat Pay.
 *
 * @param {object} settings what a process is told
 * @param {object} more what `AutoCloseModule` takes beside the store
 */
export async function openApp({ keys, origin, store }, more) {
  const { mchid, serialNo, merchant, platform, publicKeyId } = keys;
  const apiV3 = { serialNo, privateKey: merchant.privateKey, publicKeys: { [publicKeyId]: platform.publicKey } };
  const wechatPay = { merchants: [{ mchid, apiV3 }], hosts: { mainland: origin, overseas: origin } };
  return NestFactory.createApplicationContext(
    AutoCloseModule.forRoot({ ...more, store, imports: [WechatPayModule.forRoot(wechatPay)] }),
    { logger: ['error'] },
  );
}

/** The number of an order. */
export const numberOf = (run, index) => `${run}${String(index).padStart(8, '0')}`;
