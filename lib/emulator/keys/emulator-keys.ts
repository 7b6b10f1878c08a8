import type { KeyObject } from 'node:crypto';

import { randomAlphanumeric, randomDigits, randomSerialNo } from './random-text.js';
import { newRsaKey, rsaKeyFrom, rsaPem } from './rsa-pair.js';
import { selfSignedCertificate } from './self-signed-certificate.js';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Keys of WeChat Pay's own that the emulator shall use instead of new ones. */
export interface OwnWechatPayKeys {
  /** The platform's private key, PEM. */
  readonly platformPrivateKey?: string;
  /** Serial number of the platform certificate: 40 hex digits. */
  readonly platformSerialNo?: string;
  /** The private half of the WeChat Pay public key, PEM. */
  readonly publicKeyPrivateKey?: string;
  /** Id of the WeChat Pay public key, `PUB_KEY_ID_…`. */
  readonly publicKeyId?: string;
}

/** A key that signs replies, and the name it goes by in `Wechatpay-Serial`. */
export interface ReplyKey {
  /** A certificate's serial number or a public key's id. */
  readonly serial: string;
  readonly privateKey: KeyObject;
}

/** The platform certificate and its key. */
export interface PlatformKey extends ReplyKey {
  /** The self-signed certificate, PEM. */
  readonly certificate: string;
}

/** The WeChat Pay public key and its private half. */
export interface WechatPayPublicKey extends ReplyKey {
  /** The public half, SPKI PEM. */
  readonly publicKey: string;
}

/** What a merchant that brings nothing is given. */
export interface MerchantKeys {
  readonly serialNo: string;
  readonly privateKey: KeyObject;
  readonly apiV2Key: string;
  readonly apiV3Key: string;
}

/**
 * All keys of one emulated WeChat Pay. Making them takes some tenths of a second, so emulators of one process may share
 * them: `WechatPayEmulator.start({ keys })`. They live in memory only.
 */
export class EmulatorKeys {
  readonly #merchants = new Map<string, MerchantKeys>();

  private constructor(
    /** Signs replies to requests that name a certificate, or nothing, in `Wechatpay-Serial`. */
    readonly platform: PlatformKey,
    /** Signs replies to requests that name its id in `Wechatpay-Serial`. */
    readonly publicKey: WechatPayPublicKey,
  ) {}

  /**
   * Makes the keys of a WeChat Pay.
   *
   * @param own - keys to use instead of new ones
   * @throws TypeError if a key is not RSA
   */
  static generate(own: OwnWechatPayKeys = {}): EmulatorKeys {
    const platformKey = rsaKeyFrom(own.platformPrivateKey);
    const platformSerialNo = own.platformSerialNo ?? randomSerialNo();
    const publicKeyPair = rsaKeyFrom(own.publicKeyPrivateKey);
    return new EmulatorKeys(
      {
        serial: platformSerialNo,
        privateKey: platformKey,
        certificate: certificateOf(platformKey, platformSerialNo, 'Tenpay.com sign (emulator)'),
      },
      {
        serial: own.publicKeyId ?? `PUB_KEY_ID_0${randomDigits(33)}`,
        privateKey: publicKeyPair,
        publicKey: rsaPem(publicKeyPair).publicKey,
      },
    );
  }

  /**
   * The keys of a merchant that brings none: made when first asked for, the same ever after.
   *
   * @param mchid - the merchant number
   */
  merchant(mchid: string): MerchantKeys {
    const known = this.#merchants.get(mchid);
    if (known !== undefined) return known;
    const made = {
      serialNo: randomSerialNo(),
      privateKey: newRsaKey(),
      apiV2Key: randomAlphanumeric(32),
      apiV3Key: randomAlphanumeric(32),
    };
    this.#merchants.set(mchid, made);
    return made;
  }
}

/**
 * A certificate for a key, valid from a year ago for five years, so that a clock set back does not outrun it.
 *
 * @param privateKey - the key it is for, which signs it too
 * @param serialNo - hex
 * @param commonName - whose it is
 * @param notBefore - when it becomes valid instead
 */
export function certificateOf(
  privateKey: KeyObject,
  serialNo: string,
  commonName: string,
  notBefore = new Date(Date.now() - YEAR_MS),
): string {
  const notAfter = new Date(notBefore.getTime() + 5 * YEAR_MS);
  const organization = 'nestjs-wechatpay emulator';
  return selfSignedCertificate({ privateKey, serialNo, commonName, organization, notBefore, notAfter });
}
