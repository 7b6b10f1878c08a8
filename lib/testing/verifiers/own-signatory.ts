import {
  constants,
  createHash,
  createHmac,
  createSecretKey,
  generateKeyPair,
  type KeyObject,
  privateEncrypt,
  randomBytes,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';

import { apiV2Signature } from '../api-v2-signature.js';
import { HMAC_SHA256, isApiV2, MD5 } from '../schemes.js';
import type { Signatory } from './verifier-conformance.options.js';

/**
 * Makes someone who signs in one of the built-in schemes, with a new key.
 *
 * @param scheme - one of the three
 */
export async function ownSignatory(scheme: string): Promise<Signatory> {
  return isApiV2(scheme) ? secretSignatory(scheme) : rsaSignatory();
}

function secretSignatory(scheme: string): Signatory {
  const key = createSecretKey(Buffer.from(randomBytes(16).toString('hex')));
  return {
    key,
    sign: (message) => apiV2Signature(scheme, message, key),
    lookalikes: (message) => [
      apiV2Signature(scheme === MD5 ? HMAC_SHA256 : MD5, message, key),
      createHash('md5').update(message).digest('hex').toUpperCase(),
      createHash('sha256').update(message).digest('hex').toUpperCase(),
      createHmac('sha256', key.export()).update(message).digest('hex').toUpperCase(),
      createHmac('md5', key.export()).update(message).digest('hex').toUpperCase(),
    ],
  };
}

async function rsaSignatory(): Promise<Signatory> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const signed = (algorithm: string, message: Uint8Array, padding: number = constants.RSA_PKCS1_PADDING) =>
    sign(algorithm, message, { key: privateKey, padding }).toString('base64');
  return {
    key: publicKey,
    sign: (message) => signed('RSA-SHA256', message),
    lookalikes: (message) => [
      signed('RSA-SHA1', message),
      signed('RSA-SHA512', message),
      signed('RSA-SHA256', message, constants.RSA_PKCS1_PSS_PADDING),
      // The hash of the hash, and the hash without the name of its algorithm.
      signed('RSA-SHA256', digestOf(message)),
      encrypted(privateKey, digestOf(message)),
    ],
  };
}

function digestOf(message: Uint8Array): Buffer {
  return createHash('sha256').update(message).digest();
}

function encrypted(key: KeyObject, bytes: Uint8Array): string {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, bytes).toString('base64');
}
