import { KeyObject } from 'node:crypto';

import type { SecretInput } from '../wechat-pay.options.js';
import { SmDecryptionError } from './sm-decryption.error.js';
import { sm3 } from './sm-crypto.js';
import { openSm4Gcm } from './sm4-gcm.js';

const KEY_BYTES = 16;

/**
 * What WeChat Pay encrypted with `AEAD_SM4_GCM`, with its own names: the `encrypt_certificate` of a platform certificate,
 * or the `resource` of a notification.
 */
export interface EncryptedResource {
  /** 12 characters. */
  readonly nonce: string;
  /** Covered by the tag; empty if it is left out. */
  readonly associated_data?: string;
  /** Base64 of the ciphertext with its tag. */
  readonly ciphertext: string;
}

/**
 * Decrypts a resource that is encrypted with `AEAD_SM4_GCM`. The SM4 key is the first half of the SM3 hash of the APIv3
 * key. Its tag is always checked, so that what comes out is what someone with the APIv3 key put in.
 *
 * @param resource - as it stands in the reply or notification
 * @param apiV3Key - the merchant's APIv3 key: 32 characters, as text, bytes or a secret `KeyObject`
 * @returns the plain bytes: PEM text of a certificate, JSON of a notification
 * @throws {@link SmDecryptionError} whatever is wrong
 * @see protocol: SM
 */
export function decryptSmResource(resource: EncryptedResource, apiV3Key: SecretInput): Buffer {
  try {
    const { nonce, associated_data = '', ciphertext } = resource;
    const sealed = Buffer.from(ciphertext, 'base64');
    if (sealed.toString('base64') !== ciphertext) throw new TypeError('not base64');
    return openSm4Gcm({
      key: sm4Key(apiV3Key),
      nonce: Buffer.from(nonce),
      associatedData: Buffer.from(associated_data),
      sealed,
    });
  } catch {
    // One error for every cause: what went wrong inside must not help anyone who tries ciphertexts.
    throw new SmDecryptionError();
  }
}

function sm4Key(apiV3Key: SecretInput): Buffer {
  const bytes = apiV3Key instanceof KeyObject ? apiV3Key.export() : Buffer.from(apiV3Key);
  return Buffer.from(sm3(bytes), 'hex').subarray(0, KEY_BYTES);
}
