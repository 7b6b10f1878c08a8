import { verify } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { TurnShare } from '../environment/turn-share.js';
import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { RSA_DIGEST, signatureBytes } from './rsa-signature.js';
import { type SignatureEvidence, Verifier } from './verifier.js';

/**
 * Verifies as {@link RsaSha256Verifier} does, unless the application names a verifier: a single reply at once, several at a time on the
 * threadpool. It is none that an application extends or calls, and so its verdict may be a promise now and then.
 */
@Injectable()
export class BuiltInRsaSha256Verifier extends Verifier {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;
  readonly #share = new TurnShare();

  matches({ message, signature, key }: SignatureEvidence): boolean | Promise<boolean> {
    const bytes = signatureBytes(signature);
    if (bytes === undefined) return false;
    if (!this.#share.isFree) return this.#share.onThreadpool((done) => verify(RSA_DIGEST, message, key, bytes, done));
    this.#share.take();
    return verify(RSA_DIGEST, message, key, bytes);
  }
}
