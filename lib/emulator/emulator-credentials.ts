import type { EmulatorState } from './emulator-state.js';

/** A merchant's keys, for the SDK that acts for it. */
export interface EmulatorMerchantCredentials {
  readonly mchid: string;
  readonly appid: string;
  readonly subMchids: readonly string[];
  /** 32 characters. */
  readonly apiV2Key: string;
  /** 32 bytes. */
  readonly apiV3Key: string;
  /** Serial number of the merchant API certificate: hex. */
  readonly serialNo: string;
  /** PKCS #8 PEM. */
  readonly privateKey: string;
  /** The merchant API certificate, PEM. */
  readonly certificate: string;
  /** Whether the merchant signs with a key that is not here: `privateKey` and `certificate` are of no use then. */
  readonly keyElsewhere: boolean;
}

/** What any SDK needs to talk to the emulator: no file, just text. */
export interface EmulatorCredentials {
  /** Origin to send requests to. */
  readonly url: string;
  readonly merchants: readonly EmulatorMerchantCredentials[];
  /** The WeChat Pay public key. */
  readonly publicKey: {
    /** `PUB_KEY_ID_…`. */
    readonly id: string;
    /** SPKI PEM. */
    readonly publicKey: string;
  };
  /** The WeChat Pay platform certificate, the newest of them. */
  readonly platform: {
    /** 40 hex digits. */
    readonly serialNo: string;
    /** PEM. */
    readonly certificate: string;
  };
}

/**
 * Gathers the credentials.
 *
 * @param state - knows the keys
 * @param url - the emulator's origin
 */
export function credentialsOf({ keys, merchants, certificates }: EmulatorState, url: string): EmulatorCredentials {
  return {
    url,
    merchants: merchants.all().map((merchant) => ({
      mchid: merchant.mchid,
      appid: merchant.appid,
      subMchids: [...merchant.subMchids],
      apiV2Key: merchant.apiV2Key,
      apiV3Key: merchant.apiV3Key,
      serialNo: merchant.serialNo,
      privateKey: merchant.privateKey,
      certificate: merchant.certificate,
      keyElsewhere: merchant.keyElsewhere,
    })),
    publicKey: { id: keys.publicKey.serial, publicKey: keys.publicKey.publicKey },
    platform: { serialNo: certificates.newest.serial, certificate: certificates.newest.certificate },
  };
}
