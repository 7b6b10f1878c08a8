import { createPrivateKey, createPublicKey, KeyObject, X509Certificate } from 'node:crypto';

import { OptionFault } from '../options/option-report.js';
import type { CertificateInput, KeyInput } from '../wechat-pay.options.js';
import { pemText } from './pem-text.js';

/** Why a key is not one for the merchant's scheme, as the rest of a sentence; nothing for a key that will do. */
export type KeyCheck = (key: KeyObject) => string | undefined;

/** What a key option takes, and what people give it instead: a marker in the PEM, and what to say. */
interface Expectation {
  readonly kind: string;
  readonly wanted: string;
  readonly mistakes: readonly (readonly [marker: string, fault: string])[];
}

const PRIVATE_KEY = expectation('private key', 'give the text of apiclient_key.pem', (wanted) => [
  ['BEGIN CERTIFICATE', `is a certificate; ${wanted}, not apiclient_cert.pem`],
  ['PUBLIC KEY', `is a public key; ${wanted}`],
  ['ENCRYPTED', 'is encrypted; decrypt it first, e.g. openssl pkey -in apiclient_key.pem -out plain.pem'],
]);

const PUBLIC_KEY = expectation('public key', 'give the text of the WeChat Pay public key (pub_key.pem)', (wanted) => [
  ['PRIVATE KEY', `is a private key; ${wanted}`],
  ['BEGIN CERTIFICATE', 'is a certificate; platform certificates belong in certificates, not in publicKeys'],
]);

const CERTIFICATE = expectation('certificate', 'give the text of a WeChat Pay platform certificate', (wanted) => [
  ['PRIVATE KEY', `is a private key; ${wanted}`],
  ['PUBLIC KEY', 'is a public key; it belongs in publicKeys under its PUB_KEY_ID_…'],
]);

/**
 * Reads a merchant's API private key.
 *
 * @param input - as the application gave it
 * @param faultOf - the check of the scheme's signer
 * @throws {@link OptionFault} that says what was given instead
 */
export function readPrivateKey(input: KeyInput, faultOf: KeyCheck): KeyObject {
  if (input instanceof KeyObject) return suitable(ofType(input, 'private', PRIVATE_KEY), faultOf);
  return suitable(
    parsed(input, PRIVATE_KEY, (key, isPem) => createPrivateKey(isPem ? key : { key, format: 'der', type: 'pkcs8' })),
    faultOf,
  );
}

/**
 * Reads one of WeChat Pay's public keys.
 *
 * @param input - as the application gave it
 * @param faultOf - the check of the scheme's verifier
 * @throws {@link OptionFault} that says what was given instead
 */
export function readPublicKey(input: KeyInput, faultOf: KeyCheck): KeyObject {
  if (input instanceof KeyObject) return suitable(ofType(input, 'public', PUBLIC_KEY), faultOf);
  return suitable(
    parsed(input, PUBLIC_KEY, (key, isPem) => createPublicKey(isPem ? key : { key, format: 'der', type: 'spki' })),
    faultOf,
  );
}

/**
 * Reads a platform certificate.
 *
 * @param input - as the application gave it
 * @param faultOf - the check of the scheme's verifier
 * @throws {@link OptionFault} that says what was given instead
 */
export function readCertificate(input: CertificateInput, faultOf: KeyCheck): X509Certificate {
  const certificate =
    input instanceof X509Certificate ? input : parsed(input, CERTIFICATE, (bytes) => new X509Certificate(bytes));
  suitable(certificate.publicKey, faultOf);
  return certificate;
}

function expectation(kind: string, wanted: string, mistakes: (wanted: string) => Expectation['mistakes']): Expectation {
  return { kind, wanted, mistakes: mistakes(wanted) };
}

function parsed<T>(
  input: string | Uint8Array,
  { kind, wanted, mistakes }: Expectation,
  parse: (bytes: string | Buffer, isPem: boolean) => T,
): T {
  const text = pemText(input, wanted);
  const mistake = mistakes.find(([marker]) => text?.includes(marker));
  if (mistake !== undefined) throw new OptionFault(mistake[1]);
  try {
    return parse(text ?? Buffer.from(input), text !== undefined);
  } catch {
    // OpenSSL's own words say nothing that helps a person, and might quote the input.
    throw new OptionFault(`cannot be read as a ${kind}: it is cut off or damaged; ${wanted}, unchanged`);
  }
}

function ofType(key: KeyObject, type: string, { wanted }: Expectation): KeyObject {
  if (key.type !== type) throw new OptionFault(`is a ${key.type} key; ${wanted}`);
  return key;
}

function suitable(key: KeyObject, faultOf: KeyCheck): KeyObject {
  const fault = faultOf(key);
  if (fault !== undefined) throw new OptionFault(fault);
  return key;
}
