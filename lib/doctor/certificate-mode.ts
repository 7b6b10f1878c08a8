import type { ApiV3Credentials } from '../merchants/merchant.js';
import type { Finding } from './finding.js';

const PUBLIC_KEY_ID = 'PUB_KEY_ID_';

/** Whether a merchant believes platform certificates and no public key. */
export function hasCertificatesAlone({ platformKeys }: ApiV3Credentials): boolean {
  return ![...platformKeys.keys()].some((serial) => serial.startsWith(PUBLIC_KEY_ID));
}

/** A merchant that is configured with platform certificates, and has none. */
export function publicKeyOnly(mchid: string): Finding {
  return {
    severity: 'error',
    code: 'publicKeyOnly',
    merchant: mchid,
    message: `Merchant ${mchid} is configured with platform certificates, but WeChat Pay has none for it: newer merchants have a public key instead.`,
    remedy:
      'Download the public key from 商户平台 → 账户中心 → API安全 → 微信支付公钥, and give it under publicKeys with its PUB_KEY_ID_… in place of the certificates.',
  };
}

/** A merchant whose APIv2 key cannot be tried. */
export function noAppid(mchid: string): Finding {
  return {
    severity: 'info',
    code: 'notTried',
    merchant: mchid,
    message: `APIv2 was not tried for merchant ${mchid}, since no appid is configured.`,
    remedy: 'Give the merchant an appid; without one, every APIv2 request must bring its own.',
  };
}
