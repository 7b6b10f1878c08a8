import { createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { TAG, der, derInteger, derOid, derTime } from './der.writer.js';

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  basicConstraints: '2.5.29.19',
  sha256WithRsa: '1.2.840.113549.1.1.11',
} as const;

const VERSION_3 = der(TAG.version, derInteger('02'));
const RSA_SHA256 = der(TAG.sequence, derOid(OID.sha256WithRsa), der(TAG.null));
const NOT_A_CA = der(
  TAG.extensions,
  der(
    TAG.sequence,
    der(
      TAG.sequence,
      derOid(OID.basicConstraints),
      der(TAG.boolean, Buffer.of(0xff)),
      der(TAG.octetString, der(TAG.sequence)),
    ),
  ),
);

/** What stands in a certificate that signs itself. */
export interface CertificateContent {
  /** RSA; its public half goes into the certificate, and it signs the certificate. */
  readonly privateKey: KeyObject;
  /** Hex, at most 40 digits, an even number of them. */
  readonly serialNo: string;
  readonly commonName: string;
  readonly organization: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * Makes a self-signed X.509 v3 certificate (RSA with SHA-256), which Node itself cannot.
 *
 * @param content - what stands in it
 * @returns the certificate as PEM
 */
export function selfSignedCertificate(content: CertificateContent): string {
  const { privateKey, serialNo, notBefore, notAfter } = content;
  const name = der(
    TAG.sequence,
    attribute(OID.organization, content.organization),
    attribute(OID.commonName, content.commonName),
  );
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const validity = der(TAG.sequence, derTime(notBefore), derTime(notAfter));
  const body = der(
    TAG.sequence,
    VERSION_3,
    derInteger(serialNo),
    RSA_SHA256,
    name,
    validity,
    name,
    publicKey,
    NOT_A_CA,
  );
  const signature = der(TAG.bitString, Buffer.of(0), sign('sha256', body, privateKey));
  return pem(der(TAG.sequence, body, RSA_SHA256, signature));
}

function attribute(oid: string, value: string): Buffer {
  return der(TAG.set, der(TAG.sequence, derOid(oid), der(TAG.utf8String, Buffer.from(value))));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
