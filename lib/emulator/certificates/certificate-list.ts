import { createCipheriv, X509Certificate } from 'node:crypto';

import type { V3Answer } from '../answers/emulator-answer.js';
import { randomAlphanumeric } from '../keys/random-text.js';
import type { JsonValue } from '../wire/json-value.js';

const ASSOCIATED_DATA = 'certificate';

/** A certificate as it is listed. */
export interface ListedCertificate {
  readonly serial: string;
  /** PEM. */
  readonly certificate: string;
}

/**
 * The answer that lists platform certificates, encrypted for one merchant.
 *
 * @param certificates - in the order they are listed
 * @param apiV3Key - of the merchant
 * @param spoil - changes what was encrypted
 * @see protocol: platform certificate
 */
export function certificateList(
  certificates: readonly ListedCertificate[],
  apiV3Key: string,
  spoil: (ciphertext: Buffer) => Buffer = (ciphertext) => ciphertext,
): V3Answer {
  return { status: 200, body: { data: certificates.map((certificate) => entryOf(certificate, apiV3Key, spoil)) } };
}

function entryOf(
  { serial, certificate }: ListedCertificate,
  apiV3Key: string,
  spoil: (ciphertext: Buffer) => Buffer,
): JsonValue {
  const { validFrom, validTo } = new X509Certificate(certificate);
  const nonce = randomAlphanumeric(12);
  const encrypted = { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data: ASSOCIATED_DATA };
  return {
    serial_no: serial,
    effective_time: beijing(validFrom),
    expire_time: beijing(validTo),
    encrypt_certificate: { ...encrypted, ciphertext: spoil(sealed(certificate, nonce, apiV3Key)).toString('base64') },
  };
}

function sealed(text: string, nonce: string, apiV3Key: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce), { authTagLength: 16 });
  cipher.setAAD(Buffer.from(ASSOCIATED_DATA));
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function beijing(time: string): string {
  return `${new Date(Date.parse(time) + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
