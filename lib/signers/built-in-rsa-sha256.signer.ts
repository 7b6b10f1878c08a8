import { Inject, Injectable } from '@nestjs/common';

import { Traffic } from '../environment/traffic.js';
import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { requiredKey } from './required-key.js';
import { signAtOnce, signOnThreadpool } from './rsa-signing.js';
import { Signer, type SigningIdentity } from './signer.js';

/**
 * Signs as {@link RsaSha256Signer} does, unless the application names a signer, and knows what else is under way: at once for a call that is
 * alone, which is the quickest, and on the threadpool where another call would wait meanwhile.
 */
@Injectable()
export class BuiltInRsaSha256Signer extends Signer {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;

  constructor(@Inject(Traffic) private readonly traffic: Traffic) {
    super();
  }

  sign(message: string, identity: SigningIdentity): Promise<string> {
    const key = requiredKey(identity);
    const bytes = Buffer.from(message);
    return this.traffic.isQuiet ? signAtOnce(bytes, key) : signOnThreadpool(bytes, key);
  }
}
