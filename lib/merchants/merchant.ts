import type { KeyObject } from 'node:crypto';

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
  /** WeChat Pay's public keys by the serial that replies name: `PUB_KEY_ID_…` or a certificate's serial number. */
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
  /** The serial that requests ask replies to be signed with. */
  readonly preferredSerial: string;
  readonly scheme: string;
}
