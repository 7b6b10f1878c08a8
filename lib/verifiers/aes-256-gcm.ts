import { createDecipheriv, type KeyObject } from 'node:crypto';

import type { CertificateCipher, SealedCertificate } from './certificate-cipher.js';
import { DecryptionError } from './decryption.error.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * `AEAD_AES_256_GCM`, which WeChat Pay encrypts RSA certificates with. The tag is always checked, so that what comes out is
 * what someone with the APIv3 key put in.
 *
 * @see protocol: platform certificate
 */
export const AES_256_GCM: CertificateCipher = { algorithm: 'AEAD_AES_256_GCM', query: '', open: openAes256Gcm };

/**
 * Decrypts with AES-256-GCM.
 *
 * @param sealed - as it stands in the reply
 * @param apiV3Key - 32 bytes
 * @throws {@link DecryptionError} whatever is wrong
 */
export function openAes256Gcm(sealed: SealedCertificate, apiV3Key: KeyObject): Buffer {
  try {
    const { nonce, associated_data = '', ciphertext } = sealed;
    const bytes = Buffer.from(ciphertext, 'base64');
    const iv = Buffer.from(nonce);
    // Node takes nonces of any length and skips what is not base64.
    if (bytes.toString('base64') !== ciphertext || iv.byteLength !== NONCE_BYTES) throw new TypeError('malformed');
    const decipher = createDecipheriv('aes-256-gcm', apiV3Key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(associated_data));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    // One error for every cause: what went wrong inside must not help anyone who tries ciphertexts.
    throw new DecryptionError();
  }
}
