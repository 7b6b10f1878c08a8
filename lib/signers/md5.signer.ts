import { Injectable } from '@nestjs/common';

import { MD5 } from '../wechat-pay.constants.js';
import { keyedMd5 } from '../schemes/keyed-digest.js';
import { requiredKey } from './required-key.js';
import { Signer, type SigningIdentity } from './signer.js';

/** Signs APIv2 requests with MD5. */
@Injectable()
export class Md5Signer extends Signer {
  readonly scheme = MD5;

  sign(message: string, identity: SigningIdentity): string {
    return keyedMd5(message, requiredKey(identity));
  }
}
