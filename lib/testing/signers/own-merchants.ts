import { createSecretKey, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import { isApiV2 } from '../schemes.js';
import type { SigningMerchant } from './signer-conformance.options.js';

const NUMBERS = ['1900000109', '1900000110'] as const;

let rsaMerchants: Promise<readonly SigningMerchant[]> | undefined;

/**
 * Makes two merchants with keys of their own, for a signer that is given the key. RSA keys are made once, since that takes a
 * while.
 *
 * @param scheme - one of the three built-in ones
 */
export async function ownMerchants(scheme: string): Promise<readonly SigningMerchant[]> {
  if (isApiV2(scheme)) return NUMBERS.map(secretMerchant);
  rsaMerchants ??= Promise.all(NUMBERS.map(rsaMerchant));
  return rsaMerchants;
}

function secretMerchant(mchid: string): SigningMerchant {
  const key = createSecretKey(Buffer.from(randomBytes(16).toString('hex')));
  return { mchid, key, checkKey: key };
}

async function rsaMerchant(mchid: string): Promise<SigningMerchant> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { mchid, key: privateKey, checkKey: publicKey };
}
