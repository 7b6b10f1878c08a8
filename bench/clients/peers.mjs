import { randomBytes } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createRequire } from 'node:module';

import axiosPlugin from 'wechatpay-axios-plugin';

/** wechatpay-axios-plugin as its documentation uses it, with connections kept. */
export function makeAxiosPlugin({ keys, origin }) {
  const { mchid, appid, sub_mchid, serialNo, merchant, platform, publicKeyId, apiV2Key } = keys;
  const options = { keepAlive: true, maxSockets: 64, rejectUnauthorized: true };
  const client = new axiosPlugin.Wechatpay({
    baseURL: `${origin}/`,
    proxy: false,
    httpAgent: new HttpAgent(options),
    httpsAgent: new HttpsAgent(options),
    mchid,
    serial: serialNo,
    privateKey: merchant.privateKey,
    certs: { [publicKeyId]: platform.publicKey },
    secret: apiV2Key,
  }).client;
  return {
    v3: (out_trade_no) =>
      client.request(`v3/pay/partner/transactions/out-trade-no/${out_trade_no}/close`, 'post', {
        sp_mchid: mchid,
        sub_mchid,
      }),
    v2: (out_trade_no) =>
      client.request('v2/pay/closeorder', 'post', {
        appid,
        mch_id: mchid,
        out_trade_no,
        nonce_str: randomBytes(16).toString('hex'),
        sign_type: 'HMAC-SHA256',
      }),
    end: () => {},
  };
}

/** wechatpay-node-v3, which verifies nothing of a close and has no APIv2 close; its host is fixed, so it is led to the stub. */
export function makeNodeV3({ keys, origin }) {
  const WxPay = createRequire(import.meta.url)('wechatpay-node-v3');
  const { mchid, appid, serialNo, merchant, platform } = keys;
  const pay = new WxPay({
    appid,
    mchid,
    serial_no: serialNo,
    publicKey: Buffer.from(platform.publicKey),
    privateKey: Buffer.from(merchant.privateKey),
  });
  const { httpService } = pay;
  pay.httpService = {
    post: (url, body, headers) => httpService.post(url.replace('https://api.mch.weixin.qq.com', origin), body, headers),
  };
  return {
    v3: async (out_trade_no) => {
      const { status } = await pay.close(out_trade_no);
      if (status !== 204) throw new Error(`answered ${status}`);
    },
    end: () => {},
  };
}
