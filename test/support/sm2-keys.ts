import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { TAG, der, derInteger, derOid, derTime } from '../../lib/emulator/keys/der.writer.js';
import { sm2 } from '../../lib/sm/sm-crypto.js';
import type { TestKeyPair } from './keys.js';

/** An SM2 key pair, also as the hex digits that sm-crypto-v2 takes. */
export interface Sm2Pair extends TestKeyPair {
  readonly privateHex: string;
  readonly publicHex: string;
}

/** Makes an SM2 key pair. */
export function sm2Pair(): Sm2Pair {
  const made = generateKeyPairSync('ec', { namedCurve: 'SM2' });
  // Node takes a key that it has made itself for one of ECDSA; read from PEM, as an application's are, it is one of SM2.
  const privateKey = createPrivateKey(made.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const publicKey = createPublicKey(made.publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    privateKey,
    publicKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    // Where they stand in the DER: by counting, not as the code under test finds them.
    privateHex: privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(36, 68).toString('hex'),
    publicHex: hexPoint(publicKey),
  };
}

function hexPoint(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(26).toString('hex');
}

/** A certificate that an SM2 pair signed for itself. */
export function sm2Certificate({ publicKey, privateHex }: Sm2Pair, serialNo: string): string {
  const algorithm = der(TAG.sequence, derOid('1.2.156.10197.1.501'));
  const commonName = der(TAG.sequence, derOid('2.5.4.3'), der(TAG.utf8String, Buffer.from('test')));
  const name = der(TAG.sequence, der(TAG.set, commonName));
  const [notBefore, notAfter] = [new Date('2026-01-01T00:00:00Z'), new Date('2031-01-01T00:00:00Z')];
  const body = der(
    TAG.sequence,
    der(TAG.version, derInteger('02')),
    derInteger(serialNo),
    algorithm,
    name,
    der(TAG.sequence, derTime(notBefore), derTime(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.from(sm2.doSignature(body, privateHex, { hash: true, der: true }), 'hex');
  const whole = der(TAG.sequence, body, algorithm, der(TAG.bitString, Buffer.of(0), signature));
  return `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
