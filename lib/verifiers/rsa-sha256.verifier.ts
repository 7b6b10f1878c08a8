import { verify } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import { type SignatureEvidence, Verifier } from './verifier.js';

/** Verifies APIv3 replies with RSASSA-PKCS1-v1_5 and SHA-256, on the main thread: the hop to another costs more. */
@Injectable()
export class RsaSha256Verifier extends Verifier {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;

  matches({ message, signature, key }: SignatureEvidence): boolean {
    const bytes = Buffer.from(signature, 'base64');
    // Node skips what is not base64; only the one canonical spelling of the bytes is believed.
    return bytes.toString('base64') === signature && verify('RSA-SHA256', message, key, bytes);
  }
}
