import { Injectable } from '@nestjs/common';

import { HMAC_SHA256 } from '../wechat-pay.constants.js';
import { keyedHmacSha256 } from '../schemes/keyed-digest.js';
import { requiredKey } from './required-key.js';
import { Signer, type SigningIdentity } from './signer.js';

/** Signs APIv2 requests with HMAC-SHA256. */
@Injectable()
export class HmacSha256Signer extends Signer {
  readonly scheme = HMAC_SHA256;

  sign(message: string, identity: SigningIdentity): string {
    return keyedHmacSha256(message, requiredKey(identity));
  }
}
