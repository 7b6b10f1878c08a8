import { Injectable } from '@nestjs/common';

import { keyedHmacSha256 } from '../schemes/keyed-digest.js';
import { HMAC_SHA256 } from '../wechat-pay.constants.js';
import { sameText } from './same-text.js';
import { type SignatureEvidence, Verifier } from './verifier.js';

/** Verifies APIv2 replies signed with HMAC-SHA256. */
@Injectable()
export class HmacSha256Verifier extends Verifier {
  readonly scheme = HMAC_SHA256;

  matches({ message, signature, key }: SignatureEvidence): boolean {
    return sameText(signature, keyedHmacSha256(message, key));
  }
}
