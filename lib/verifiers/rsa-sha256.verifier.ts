import { verify } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { RSA_DIGEST, signatureBytes } from './rsa-signature.js';
import { type SignatureEvidence, Verifier } from './verifier.js';

/** Verifies APIv3 replies with RSASSA-PKCS1-v1_5 and SHA-256, at once: a verdict that were a promise now and then would be taken for a yes. */
@Injectable()
export class RsaSha256Verifier extends Verifier {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;

  matches({ message, signature, key }: SignatureEvidence): boolean {
    const bytes = signatureBytes(signature);
    return bytes !== undefined && verify(RSA_DIGEST, message, key, bytes);
  }
}
