import { Injectable } from '@nestjs/common';

import { keyedMd5 } from '../schemes/keyed-digest.js';
import { MD5 } from '../wechat-pay.constants.js';
import { sameText } from './same-text.js';
import { type SignatureEvidence, Verifier } from './verifier.js';

/** Verifies APIv2 replies signed with MD5. */
@Injectable()
export class Md5Verifier extends Verifier {
  readonly scheme = MD5;

  matches({ message, signature, key }: SignatureEvidence): boolean {
    return sameText(signature, keyedMd5(message, key));
  }
}
