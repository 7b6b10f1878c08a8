import { type KeyObject, sign } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { TurnShare } from '../environment/turn-share.js';
import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { requiredKey } from './required-key.js';
import { Signer, type SigningIdentity } from './signer.js';

const DIGEST = 'RSA-SHA256';

/** Signs APIv3 requests with RSASSA-PKCS1-v1_5 and SHA-256: a single one at once, several at a time on the threadpool. */
@Injectable()
export class RsaSha256Signer extends Signer {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;
  readonly #share = new TurnShare();

  sign(message: string, identity: SigningIdentity): Promise<string> {
    const key = requiredKey(identity);
    const bytes = Buffer.from(message);
    return this.#share.isFree
      ? this.#atOnce(bytes, key)
      : this.#share.onThreadpool((done) => sign(DIGEST, bytes, key, done), inBase64);
  }

  async #atOnce(message: Buffer, key: KeyObject): Promise<string> {
    this.#share.take();
    return inBase64(sign(DIGEST, message, key));
  }
}

function inBase64(signature: Buffer): string {
  return signature.toString('base64');
}
