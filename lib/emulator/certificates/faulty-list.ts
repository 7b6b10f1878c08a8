import { generateKeyPairSync } from 'node:crypto';

import type { V3Answer } from '../answers/emulator-answer.js';
import type { CertificateFault } from '../faults/fault.js';
import type { PlatformKey } from '../keys/emulator-keys.js';
import { randomAlphanumeric, randomSerialNo } from '../keys/random-text.js';
import { selfSignedCertificate } from '../keys/self-signed-certificate.js';

import { certificateList } from './certificate-list.js';
import type { ListedCertificate } from './certificate-list.js';

const DAY_MS = 86_400_000;
const COMMON_NAME = 'Tenpay.com sign (emulator)';

/**
 * The answer that a fault puts in the place of a list of certificates.
 *
 * @param make - what is wrong with it
 * @param listed - the right certificates, at least one
 * @param apiV3Key - of the merchant that asks
 * @param now - milliseconds since 1970
 */
export function faultyList(
  make: CertificateFault['make'],
  listed: readonly PlatformKey[],
  apiV3Key: string,
  now: number,
): V3Answer {
  switch (make) {
    case 'missing':
      return { status: 404, body: { code: 'RESOURCE_NOT_EXISTS', message: 'There is no platform certificate' } };
    case 'empty':
      return certificateList([], apiV3Key);
    case 'wrongKey':
      return certificateList(listed, randomAlphanumeric(32));
    case 'serialMismatch':
      return certificateList(
        listed.map(({ certificate }) => ({ serial: randomSerialNo(), certificate })),
        apiV3Key,
      );
    case 'expired':
      return certificateList(
        listed.map((platform) => dated(platform, now - 2 * DAY_MS, now - DAY_MS)),
        apiV3Key,
      );
    case 'notYetValid':
      return certificateList(
        listed.map((platform) => dated(platform, now + DAY_MS, now + 2 * DAY_MS)),
        apiV3Key,
      );
    case 'weakKey':
      return certificateList([weak(now)], apiV3Key);
    case 'tampered':
      return certificateList(listed, apiV3Key, flipped);
  }
}

/** The same ciphertext but for its first bit. */
function flipped(ciphertext: Buffer): Buffer {
  return Buffer.concat([Buffer.of((ciphertext[0] ?? 0) ^ 0x80), ciphertext.subarray(1)]);
}

function dated({ privateKey, serial }: PlatformKey, from: number, to: number): ListedCertificate {
  const content = { privateKey, serialNo: serial, commonName: COMMON_NAME, organization: 'nestjs-wechatpay emulator' };
  const certificate = selfSignedCertificate({ ...content, notBefore: new Date(from), notAfter: new Date(to) });
  return { serial, certificate };
}

function weak(now: number): ListedCertificate {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const serial = randomSerialNo();
  return dated({ privateKey, serial, certificate: '' }, now - DAY_MS, now + DAY_MS);
}
