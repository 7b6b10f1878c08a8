import { verify } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { TurnAllowance } from '../environment/turn-allowance.js';
import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { RSA_DIGEST, signatureBytes } from './rsa-signature.js';
import { type SignatureEvidence, Verifier } from './verifier.js';

/** They take no longer than one signature and a half. */
const AT_ONCE = 16;

/**
 * Verifies as {@link RsaSha256Verifier} does, unless the application names a verifier: at once as a rule, since the threadpool costs more
 * than a verification does, and on the threadpool where so many replies come in one turn of the event loop that others would wait for
 * them. It is none that an application extends or calls, and so its verdict may be a promise now and then.
 */
@Injectable()
export class BuiltInRsaSha256Verifier extends Verifier {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;
  readonly #allowance = new TurnAllowance(AT_ONCE);

  matches({ message, signature, key }: SignatureEvidence): boolean | Promise<boolean> {
    const bytes = signatureBytes(signature);
    if (bytes === undefined) return false;
    if (this.#allowance.take()) return verify(RSA_DIGEST, message, key, bytes);
    return new Promise((resolve, reject) => {
      verify(RSA_DIGEST, message, key, bytes, (error, isRight) => {
        if (error === null) resolve(isRight);
        else reject(error);
      });
    });
  }
}
