import { generateKeyPairSync } from 'node:crypto';

/** @returns {{ privateKey: string, publicKey: string }} An RSA pair as PEM text. */
function pair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/** The merchant and the WeChat Pay of a run. Keys are made anew for each. */
export function makeKeys() {
  return {
    mchid: '1900000109',
    sub_mchid: '1230000109',
    appid: 'wx8888888888888888',
    serialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    apiV2Key: '0123456789abcdef0123456789ABCDEF',
    publicKeyId: 'PUB_KEY_ID_0119000001092026010100000000000001',
    merchant: pair(),
    platform: pair(),
  };
}
