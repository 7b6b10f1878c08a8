import { createPrivateKey, createPublicKey, createSecretKey, KeyObject, X509Certificate } from 'node:crypto';

import { kindOf } from '../options/kind-of.js';
import { OptionFault } from '../options/option-report.js';
import type { CertificateInput, KeyInput, SecretInput } from '../wechat-pay.options.js';

const SECRET_LENGTH = 32;
const SMALLEST_MODULUS = 2048;

/**
 * Reads an APIv2 or APIv3 key.
 *
 * @param input - 32 visible ASCII characters as text, bytes or a secret `KeyObject`
 * @param where - where a person finds it
 * @throws {@link OptionFault}
 */
export function readSecret(input: SecretInput | undefined, where: string): KeyObject {
  if (input === undefined) throw new OptionFault(`is missing; copy it from ${where}`);
  if (input instanceof KeyObject && input.type !== 'secret') {
    throw new OptionFault(`is a ${input.type} key; give the 32 characters from ${where}`);
  }
  if (!(input instanceof KeyObject) && !(input instanceof Uint8Array) && typeof input !== 'string') {
    throw new OptionFault(`is ${kindOf(input)}; give the 32 characters from ${where} as a string`);
  }
  const bytes = input instanceof KeyObject ? input.export() : Buffer.from(input);
  const text = bytes.toString('latin1');
  if (/^[!-~]{32}$/.test(text)) return createSecretKey(bytes);
  if (bytes.byteLength === 0) throw new OptionFault(`is empty; copy it from ${where}`);
  const stray = /[^!-~]/.test(text) ? ' and has white space or characters that do not belong in a key' : '';
  throw new OptionFault(
    `is ${bytes.byteLength} bytes long${stray}; it must be exactly ${SECRET_LENGTH} letters and digits: copy it again from ${where}`,
  );
}

/**
 * Reads a merchant's API private key.
 *
 * @throws {@link OptionFault} that says what was given instead
 */
export function readPrivateKey(input: KeyInput): KeyObject {
  const wanted = 'give the text of apiclient_key.pem';
  if (!(input instanceof KeyObject)) {
    const text = pemText(input, wanted);
    if (text?.includes('BEGIN CERTIFICATE'))
      throw new OptionFault(`is a certificate; ${wanted}, not apiclient_cert.pem`);
    if (text?.includes('PUBLIC KEY')) throw new OptionFault(`is a public key; ${wanted}`);
    if (text?.includes('ENCRYPTED')) {
      throw new OptionFault('is encrypted; decrypt it first, e.g. openssl pkey -in apiclient_key.pem -out plain.pem');
    }
  }
  const key =
    input instanceof KeyObject
      ? input
      : parsed(
          () => createPrivateKey(typeof input === 'string' ? unescaped(input) : privateDer(input)),
          'private key',
          wanted,
        );
  if (key.type !== 'private') throw new OptionFault(`is a ${key.type} key; ${wanted}`);
  return strongRsa(key);
}

/**
 * Reads one of WeChat Pay's public keys.
 *
 * @throws {@link OptionFault} that says what was given instead
 */
export function readPublicKey(input: KeyInput): KeyObject {
  const wanted = 'give the text of the WeChat Pay public key (pub_key.pem)';
  if (!(input instanceof KeyObject)) {
    const text = pemText(input, wanted);
    if (text?.includes('PRIVATE KEY')) throw new OptionFault(`is a private key; ${wanted}`);
    if (text?.includes('BEGIN CERTIFICATE')) {
      throw new OptionFault('is a certificate; platform certificates belong in certificates, not in publicKeys');
    }
  }
  const key =
    input instanceof KeyObject
      ? input
      : parsed(
          () => createPublicKey(typeof input === 'string' ? unescaped(input) : publicDer(input)),
          'public key',
          wanted,
        );
  if (key.type !== 'public') throw new OptionFault(`is a ${key.type} key; ${wanted}`);
  return strongRsa(key);
}

/**
 * Reads a platform certificate.
 *
 * @throws {@link OptionFault} that says what was given instead
 */
export function readCertificate(input: CertificateInput): X509Certificate {
  if (input instanceof X509Certificate) return input;
  const wanted = 'give the text of a WeChat Pay platform certificate';
  const text = pemText(input, wanted);
  if (text?.includes('PRIVATE KEY')) throw new OptionFault(`is a private key; ${wanted}`);
  if (text?.includes('PUBLIC KEY'))
    throw new OptionFault('is a public key; it belongs in publicKeys under its PUB_KEY_ID_…');
  const certificate = parsed(
    () => new X509Certificate(typeof input === 'string' ? unescaped(input) : input),
    'certificate',
    wanted,
  );
  strongRsa(certificate.publicKey);
  return certificate;
}

/** Environment variables often hold a PEM with its line breaks written as `\n`. */
function unescaped(pem: string): string {
  return pem.replaceAll('\\n', '\n');
}

function privateDer(bytes: Uint8Array): Parameters<typeof createPrivateKey>[0] {
  return isPem(bytes) ? Buffer.from(bytes) : { key: Buffer.from(bytes), format: 'der', type: 'pkcs8' };
}

function publicDer(bytes: Uint8Array): Parameters<typeof createPublicKey>[0] {
  return isPem(bytes) ? Buffer.from(bytes) : { key: Buffer.from(bytes), format: 'der', type: 'spki' };
}

function isPem(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).includes('-----BEGIN');
}

function pemText(input: unknown, wanted: string): string | undefined {
  if (input instanceof Uint8Array) return isPem(input) ? Buffer.from(input).toString('latin1') : undefined;
  if (typeof input !== 'string') throw new OptionFault(`is ${kindOf(input)}; ${wanted}`);
  if (input.trim() === '') throw new OptionFault(`is empty; ${wanted}`);
  if (input.includes('-----BEGIN')) return input;
  const looksLikePath = input.length < 1_024 && /\.(?:pem|key|crt|cer|p12)$|^[./~]/.test(input.trim());
  if (looksLikePath) throw new OptionFault(`is a file name; read the file and ${wanted}`);
  throw new OptionFault(`is not PEM: it lacks a -----BEGIN line; ${wanted}`);
}

function parsed<T>(parse: () => T, kind: string, wanted: string): T {
  try {
    return parse();
  } catch {
    // OpenSSL's own words say nothing that helps a person, and might quote the input.
    throw new OptionFault(`cannot be read as a ${kind}: it is cut off or damaged; ${wanted}, unchanged`);
  }
}

function strongRsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa')
    throw new OptionFault(`is a key of type ${key.asymmetricKeyType ?? 'unknown'}; RSA is needed`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < SMALLEST_MODULUS)
    throw new OptionFault(`is an RSA key of ${bits} bits; WeChat Pay's have ${SMALLEST_MODULUS} or more`);
  return key;
}
