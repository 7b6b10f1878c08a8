import type { KeyObject } from 'node:crypto';

import type { CertificateRegion } from '../wechat-pay.options.js';

/** A merchant number with its keys, checked and parsed once. Keys are `KeyObject`s, which print nothing of themselves. */
export interface Merchant {
  readonly mchid: string;
  readonly appid?: string | undefined;
  readonly apiV2?: ApiV2Credentials | undefined;
  readonly apiV3?: ApiV3Credentials | undefined;
}

/** What signs and verifies in APIv2. */
export interface ApiV2Credentials {
  /** Of type `secret`. */
  readonly key: KeyObject;
  /** The scheme of requests that do not name one. */
  readonly signType: string;
}

/** What signs and verifies in APIv3. */
export interface ApiV3Credentials {
  /** Serial number of the merchant's API certificate. */
  readonly serialNo: string;
  /** Absent where the signer holds it. */
  readonly privateKey?: KeyObject | undefined;
  /**
   * WeChat Pay's public keys of the options, by the serial that replies name: `PUB_KEY_ID_…` or a certificate's serial number.
   * Certificates that are downloaded are not among them, see `PlatformKeyStore`.
   */
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
  /** The serial of `platformKeys` that requests ask replies to be signed with, if there is one. */
  readonly preferredSerial?: string | undefined;
  /** The APIv3 key, of type `secret`, where it is given: decrypts certificates and notifications. */
  readonly apiV3Key?: KeyObject | undefined;
  /** Given where platform certificates are downloaded. */
  readonly download?: CertificateDownloadSettings | undefined;
  readonly scheme: string;
}

/** How a merchant's platform certificates are downloaded. */
export interface CertificateDownloadSettings {
  /** Decrypts them; of type `secret`. */
  readonly apiV3Key: KeyObject;
  /** The lists that must have been downloaded before the application starts. */
  readonly atStart: readonly CertificateRegion[];
}
