import { Injectable } from '@nestjs/common';

import { TurnShare } from '../environment/turn-share.js';
import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { requiredKey } from './required-key.js';
import { signAtOnce, signOnThreadpool } from './rsa-signing.js';
import { Signer, type SigningIdentity } from './signer.js';

/** Signs APIv3 requests with RSASSA-PKCS1-v1_5 and SHA-256: a single one at once, several at a time on the threadpool. */
@Injectable()
export class RsaSha256Signer extends Signer {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;
  readonly #share = new TurnShare();

  sign(message: string, identity: SigningIdentity): Promise<string> {
    const key = requiredKey(identity);
    const bytes = Buffer.from(message);
    if (!this.#share.isFree) return this.#share.onThreadpool(() => signOnThreadpool(bytes, key));
    this.#share.take();
    return signAtOnce(bytes, key);
  }
}
