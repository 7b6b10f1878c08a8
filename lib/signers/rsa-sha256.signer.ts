import { sign } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { requiredKey } from './required-key.js';
import { Signer, type SigningIdentity } from './signer.js';

/** Signs APIv3 requests with RSASSA-PKCS1-v1_5 and SHA-256, on the threadpool so that the event loop stays free. */
@Injectable()
export class RsaSha256Signer extends Signer {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;

  sign(message: string, identity: SigningIdentity): Promise<string> {
    const key = requiredKey(identity);
    return new Promise((resolve, reject) => {
      sign('RSA-SHA256', Buffer.from(message), key, (error, signature) => {
        if (error === null) resolve(signature.toString('base64'));
        else reject(error);
      });
    });
  }
}
