import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import { selfSignedCertificate } from '../../lib/emulator/keys/self-signed-certificate.js';

/** An RSA key pair as PEM text and as objects. */
export interface TestKeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly privatePem: string;
  readonly publicPem: string;
}

/** Makes a key pair; no key of these tests outlives their process. */
export function rsaPair(modulusLength = 2048): TestKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    privateKey,
    publicKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** A certificate that the pair signed for itself. */
export function certificate(
  { privateKey }: TestKeyPair,
  serialNo: string,
  commonName = 'test',
  [notBefore, notAfter]: readonly [string, string] = ['2026-01-01T00:00:00Z', '2031-01-01T00:00:00Z'],
): string {
  return selfSignedCertificate({
    privateKey,
    serialNo,
    commonName,
    organization: 'test',
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
  });
}
