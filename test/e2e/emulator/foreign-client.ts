import pkg from 'wechatpay-axios-plugin';
import type { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { firstMerchant } from './raw-client.js';
import type { LooseJson } from './raw-client.js';

/** An HTTP answer as the plugin gives it. */
export interface ForeignAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: LooseJson;
}

/** One call by the plugin: path without leading slash, APIv2 paths with `v2/` before them. */
export type ForeignCall = (
  method: 'get' | 'post',
  path: string,
  data?: object,
  config?: object,
) => Promise<ForeignAnswer>;

/**
 * wechatpay-axios-plugin, pointed at an emulator: a client that shares no code with the emulator.
 *
 * @param emulator - who answers
 * @param believes - which of WeChat Pay's keys it is given, and asks for
 */
export function foreignClient(emulator: WechatPayEmulator, believes: 'publicKey' | 'certificate'): ForeignCall {
  const { url, publicKey, platform } = emulator.credentials;
  const merchant = firstMerchant(emulator);
  const [serial, key] =
    believes === 'publicKey' ? [publicKey.id, publicKey.publicKey] : [platform.serialNo, platform.certificate];
  const { client } = new pkg.Wechatpay({
    baseURL: `${url}/`,
    proxy: false,
    headers: { 'Wechatpay-Serial': serial },
    mchid: merchant.mchid,
    serial: merchant.serialNo,
    privateKey: merchant.privateKey,
    certs: { [serial]: key },
    secret: merchant.apiV2Key,
  });
  return async (method, path, data, config) => client.request(path, method, data, config);
}
