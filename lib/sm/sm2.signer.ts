import type { KeyObject } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { requiredKey } from '../signers/required-key.js';
import { Signer, type SigningIdentity } from '../signers/signer.js';
import { requireSm2Curve } from './require-sm2-curve.js';
import { USER_ID, WECHATPAY2_SM2_WITH_SM3 } from './sm.constants.js';
import { sm2 } from './sm-crypto.js';
import { privateNumber, publicPoint, sm2Fault } from './sm2-key.js';

/**
 * Signs APIv3 requests with SM2 and SM3, under WeChat Pay's user id. It takes about a millisecond, on the main thread.
 *
 * @example
 * ```ts
 * WechatPayModule.forRoot({
 *   signers: [Sm2Signer],
 *   verifiers: [Sm2Verifier],
 *   merchants: [{ mchid, apiV3: { scheme: WECHATPAY2_SM2_WITH_SM3, serialNo, privateKey, certificates } }],
 * })
 * ```
 * @see protocol: SM
 */
@Injectable()
export class Sm2Signer extends Signer {
  readonly scheme = WECHATPAY2_SM2_WITH_SM3;

  /** @throws Error if this Node.js cannot read SM2 keys */
  constructor() {
    super();
    requireSm2Curve();
  }

  override keyFault(key: KeyObject): string | undefined {
    return sm2Fault(key);
  }

  sign(message: string, identity: SigningIdentity): string {
    const key = requiredKey(identity);
    const options = { hash: true, der: true, publicKey: publicPoint(key), userId: USER_ID };
    return Buffer.from(sm2.doSignature(Buffer.from(message), privateNumber(key), options), 'hex').toString('base64');
  }
}
