import { createHash } from 'node:crypto';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Signer, type SigningIdentity, WECHATPAY2_SHA256_RSA2048 } from 'nestjs-wechatpay';
import { z } from 'zod';

import { KMS_ACCESS, type KmsAccess } from './kms-access.js';

const kmsAnswer = z.object({ signature: z.base64() });

/** Has APIv3 requests signed by a KMS, so that the merchant's private key never enters this process. */
@Injectable()
export class KmsSigner extends Signer {
  readonly scheme = WECHATPAY2_SHA256_RSA2048;
  // Merchants need no privateKey in the options.
  override readonly holdsKey = true;
  readonly #logger = new Logger(KmsSigner.name);
  // Private to the engine, so that printing the signer shows no token.
  readonly #access: KmsAccess;

  constructor(@Inject(KMS_ACCESS) access: KmsAccess) {
    super();
    this.#access = access;
  }

  async sign(message: string, { mchid, signal }: SigningIdentity): Promise<string> {
    const { url, token, keyIds, deadlineMs } = this.#access;
    const keyId = keyIds.get(mchid);
    if (keyId === undefined) throw new Error(`The KMS has no key of merchant ${mchid}.`);
    const response = await fetch(new URL(`/keys/${keyId}/sign`, url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      // A digest is always 32 bytes; messages may be longer than the 4,096 bytes that many KMS take.
      body: JSON.stringify({ algorithm: 'RSASSA_PKCS1_V1_5_SHA_256', digest: digestOf(message) }),
      redirect: 'error',
      // Whichever comes first: our own deadline, or that nobody waits for this signature any more.
      signal: AbortSignal.any([AbortSignal.timeout(deadlineMs), ...(signal === undefined ? [] : [signal])]),
    });
    if (!response.ok) {
      // The library ends the call in doubt and keeps no word of our error, so this is where to say more.
      this.#logger.warn(`The KMS answered ${response.status} to merchant ${mchid}.`);
      throw new Error(`The KMS answered ${response.status}.`);
    }
    const { signature } = kmsAnswer.parse(await response.json());
    return signature;
  }
}

function digestOf(message: string): string {
  return createHash('sha256').update(message).digest('base64');
}
