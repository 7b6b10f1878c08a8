import { type KeyObject, X509Certificate } from 'node:crypto';

import { z } from 'zod';

import type { CertificateCipher, SealedCertificate } from '../verifiers/certificate-cipher.js';
import { CLOCK_WINDOW_SECONDS } from '../wechat-pay.constants.js';
import { CertificateFault } from './certificate.fault.js';
import type { PlatformCertificate } from './platform-certificate.js';

const MOST_CERTIFICATES = 20;
const V3_KEY_PLACE = '商户平台 → 账户中心 → API安全 → APIv3密钥';

const listSchema = z.object({
  data: z
    .array(
      z.object({
        serial_no: z.string().regex(/^[0-9A-F]{1,40}$/),
        encrypt_certificate: z.object({
          algorithm: z.string(),
          nonce: z.string(),
          associated_data: z.string().optional(),
          ciphertext: z.string(),
        }),
      }),
    )
    .max(MOST_CERTIFICATES),
});

/** What is needed to read a list. */
export interface ListReading {
  readonly cipher: CertificateCipher;
  readonly apiV3Key: KeyObject;
  /** Why a key is not one for the merchant's scheme, as the rest of a sentence. */
  readonly keyFault: (key: KeyObject) => string | undefined;
  /** In milliseconds. */
  readonly now: number;
}

/**
 * Reads the list of platform certificates. One entry that cannot be decrypted, or whose certificate is another than it says,
 * spoils the list. Entries of another algorithm, of a key that is none for the scheme, and such as are not valid now are passed
 * over.
 *
 * @param content - of the reply, which is not verified yet: decrypting proves a certificate, not that the list is new
 * @param reading - key, cipher and time
 * @returns at least one certificate
 * @throws {@link CertificateFault} where there is none
 * @see protocol §4.4; reliability §4.2
 */
export function readCertificateList(
  content: Readonly<Record<string, unknown>> | undefined,
  { cipher, apiV3Key, keyFault, now }: ListReading,
): readonly PlatformCertificate[] {
  const list = listSchema.safeParse(content);
  if (!list.success) throw fault('what it sent is no list of certificates.');
  const entries = list.data.data.filter(
    ({ encrypt_certificate }) => encrypt_certificate.algorithm === cipher.algorithm,
  );
  if (entries.length === 0) throw fault(`its list holds no certificate that is encrypted with ${cipher.algorithm}.`);
  const opened = entries.map((entry) => open(entry.serial_no, entry.encrypt_certificate, cipher, apiV3Key));
  const keyFaults = opened.map(({ key }) => keyFault(key));
  const suitable = opened.filter((_, index) => keyFaults[index] === undefined);
  if (suitable.length === 0) throw fault(`the certificate ${opened[0]?.serial} ${keyFaults[0]}.`);
  const valid = suitable.filter(
    ({ notBefore, notAfter }) => notBefore - CLOCK_WINDOW_SECONDS * 1_000 <= now && now <= notAfter,
  );
  if (valid.length === 0) throw fault("none of its certificates is valid at this machine's time.");
  return valid;
}

function open(
  serial: string,
  sealed: SealedCertificate,
  cipher: CertificateCipher,
  apiV3Key: KeyObject,
): PlatformCertificate {
  const { certificate, key } = parsed(decrypted(sealed, cipher, apiV3Key));
  if (withoutZeros(certificate.serialNumber) !== withoutZeros(serial)) {
    throw fault(`the certificate that it calls ${serial} has the serial number ${certificate.serialNumber}.`);
  }
  const [notBefore, notAfter] = [certificate.validFrom, certificate.validTo].map((text) => Date.parse(text));
  return { serial, key, notBefore: notBefore ?? NaN, notAfter: notAfter ?? NaN };
}

function decrypted(sealed: SealedCertificate, cipher: CertificateCipher, apiV3Key: KeyObject): Uint8Array {
  try {
    return cipher.open(sealed, apiV3Key);
  } catch {
    throw fault(
      `its certificates cannot be decrypted. Either apiV3Key is not the one of ${V3_KEY_PLACE}, or they were changed on their way.`,
    );
  }
}

function parsed(pem: Uint8Array): { readonly certificate: X509Certificate; readonly key: KeyObject } {
  try {
    const certificate = new X509Certificate(pem);
    return { certificate, key: certificate.publicKey };
  } catch {
    throw fault('what it encrypted is no certificate.');
  }
}

function withoutZeros(serial: string): string {
  return serial.replace(/^0+(?=.)/, '');
}

function fault(explanation: string): CertificateFault {
  return new CertificateFault('certificates', `WeChat Pay answered, but ${explanation}`);
}
