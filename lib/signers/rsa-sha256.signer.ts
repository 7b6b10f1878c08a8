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
    return this.#share.isFree ? this.#atOnce(bytes, key) : this.#onThreadpool(bytes, key);
  }

  async #atOnce(message: Buffer, key: KeyObject): Promise<string> {
    this.#share.take();
    return sign(DIGEST, message, key).toString('base64');
  }

  async #onThreadpool(message: Buffer, key: KeyObject): Promise<string> {
    const signature = await this.#share.onThreadpool<Buffer>((done) => sign(DIGEST, message, key, done));
    return signature.toString('base64');
  }
}
