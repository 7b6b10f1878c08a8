import type { KeyObject } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { CertificateCipher } from '../verifiers/certificate-cipher.js';
import { type SignatureEvidence, Verifier } from '../verifiers/verifier.js';
import { decryptSmResource } from './decrypt-resource.js';
import { requireSm2Curve } from './require-sm2-curve.js';
import { readSignature } from './signature.der.js';
import { USER_ID, WECHATPAY2_SM2_WITH_SM3 } from './sm.constants.js';
import { sm2 } from './sm-crypto.js';
import { publicPoint, sm2Fault } from './sm2-key.js';

/**
 * Verifies APIv3 replies with SM2 and SM3, under WeChat Pay's user id. It takes three to six milliseconds, on the main
 * thread.
 *
 * @see protocol: SM
 */
@Injectable()
export class Sm2Verifier extends Verifier {
  readonly scheme = WECHATPAY2_SM2_WITH_SM3;

  override readonly certificateCipher: CertificateCipher = {
    algorithm: 'AEAD_SM4_GCM',
    query: '?algorithm_type=SM2',
    open: ({ nonce, associated_data = '', ciphertext }, apiV3Key) =>
      decryptSmResource({ nonce, associated_data, ciphertext }, apiV3Key),
  };

  /** @throws Error if this Node.js cannot read SM2 keys */
  constructor() {
    super();
    requireSm2Curve();
  }

  override keyFault(key: KeyObject): string | undefined {
    return sm2Fault(key);
  }

  matches({ message, signature, key }: SignatureEvidence): boolean {
    const bytes = Buffer.from(signature, 'base64');
    // Node skips what is not base64; only the one canonical spelling of the bytes is believed.
    if (bytes.toString('base64') !== signature) return false;
    const numbers = readSignature(bytes);
    if (numbers === undefined) return false;
    return sm2.doVerifySignature(message, numbers, publicPoint(key), { hash: true, userId: USER_ID });
  }
}
