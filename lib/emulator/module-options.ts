import type { MerchantOptions, WechatPayModuleOptions } from '../wechat-pay.options.js';

import type { EmulatorCredentials } from './emulator-credentials.js';

/** Which of WeChat Pay's keys a client is given to believe; with `download` none: it downloads the certificates. */
export type BelievedKeys = 'publicKey' | 'certificate' | 'both' | 'download';

/** {@link WechatPayModuleOptions} that name every merchant of an emulator. */
export interface EmulatedModuleOptions extends WechatPayModuleOptions {
  readonly merchants: readonly MerchantOptions[];
}

/**
 * What `WechatPayModule.forRoot` takes to talk to an emulator.
 *
 * @param credentials - the emulator's
 * @param use - which of WeChat Pay's keys to believe
 */
export function moduleOptions(credentials: EmulatorCredentials, use: BelievedKeys): EmulatedModuleOptions {
  const { url, publicKey, platform } = credentials;
  const publicKeys =
    use === 'certificate' || use === 'download' ? {} : { publicKeys: { [publicKey.id]: publicKey.publicKey } };
  const certificates = use === 'publicKey' || use === 'download' ? {} : { certificates: [platform.certificate] };
  return {
    merchants: credentials.merchants.map(
      ({ mchid, appid, apiV2Key, apiV3Key, serialNo, privateKey, keyElsewhere }) => ({
        mchid,
        appid,
        apiV2: { key: apiV2Key, signType: 'HMAC-SHA256' },
        apiV3: { serialNo, ...(!keyElsewhere && { privateKey }), apiV3Key, ...publicKeys, ...certificates },
      }),
    ),
    hosts: { mainland: url, overseas: url },
  };
}
