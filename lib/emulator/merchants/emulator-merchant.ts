import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { DEFAULT_APPID } from '../emulator.options.js';
import type { EmulatorMerchantOptions } from '../emulator.options.js';
import { certificateOf } from '../keys/emulator-keys.js';
import type { EmulatorKeys } from '../keys/emulator-keys.js';
import { rsaKeyFrom, rsaPem, rsaPublicKeyFrom } from '../keys/rsa-pair.js';

/** A merchant as the emulator knows it. */
export class EmulatorMerchant {
  readonly mchid: string;
  readonly appid: string;
  readonly subMchids: ReadonlySet<string>;
  readonly overseas: boolean;
  readonly apiV2Key: string;
  readonly apiV3Key: string;
  readonly serialNo: string;
  /** Verifies the merchant's requests. */
  readonly publicKey: KeyObject;
  /** PKCS #8 PEM. */
  readonly privateKey: string;
  /** The merchant API certificate, PEM. */
  readonly certificate: string;
  /** Whether the merchant signs with a key that is not here. */
  readonly keyElsewhere: boolean;

  /**
   * @param options - what the merchant brings
   * @param keys - gives what it does not bring
   * @throws TypeError if its private or public key is not RSA
   */
  constructor(options: EmulatorMerchantOptions, keys: EmulatorKeys) {
    const given = keys.merchant(options.mchid);
    const key = options.privateKey === undefined ? given.privateKey : rsaKeyFrom(options.privateKey);
    this.mchid = options.mchid;
    this.appid = options.appid ?? DEFAULT_APPID;
    this.subMchids = new Set(options.subMchids);
    this.overseas = options.overseas ?? true;
    this.apiV2Key = options.apiV2Key ?? given.apiV2Key;
    this.apiV3Key = options.apiV3Key ?? given.apiV3Key;
    this.serialNo = (options.serialNo ?? given.serialNo).toUpperCase();
    this.publicKey = options.publicKey === undefined ? createPublicKey(key) : rsaPublicKeyFrom(options.publicKey);
    this.keyElsewhere = options.publicKey !== undefined;
    this.privateKey = rsaPem(key).privateKey;
    this.certificate = certificateOf(key, this.serialNo, `merchant ${options.mchid}`);
  }
}
