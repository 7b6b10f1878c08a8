import { type KeyObject, sign } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { requiredKey } from './required-key.js';
import { Signer, type SigningIdentity } from './signer.js';

const DIGEST = 'RSA-SHA256';

/**
 * Signs APIv3 requests with RSASSA-PKCS1-v1_5 and SHA-256. A single signature is made at once, which is the quickest; as soon
 * as there are several in one turn of the event loop, the others are made on the threadpool, so that the loop stays free.
 */
@Injectable()
export class RsaSha256Signer extends Signer {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;
  /** Signatures on the threadpool, and 1 for one that was made in this turn of the event loop. */
  #underWay = 0;

  sign(message: string, identity: SigningIdentity): Promise<string> {
    const key = requiredKey(identity);
    const bytes = Buffer.from(message);
    return this.#underWay === 0 ? this.#atOnce(bytes, key) : this.#onThreadpool(bytes, key);
  }

  async #atOnce(message: Buffer, key: KeyObject): Promise<string> {
    this.#underWay++;
    setImmediate(() => this.#underWay--);
    return sign(DIGEST, message, key).toString('base64');
  }

  #onThreadpool(message: Buffer, key: KeyObject): Promise<string> {
    return new Promise((resolve, reject) => {
      sign(DIGEST, message, key, (error, signature) => {
        this.#underWay--;
        if (error === null) resolve(signature.toString('base64'));
        else reject(error);
      });
      this.#underWay++;
    });
  }
}
