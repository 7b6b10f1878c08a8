import { createPublicKey, type KeyObject } from 'node:crypto';

/** An SPKI with the named curve SM2 and an uncompressed point, in hex. */
const SPKI = /^3059301306072a8648ce3d020106082a811ccf5501822d034200(04[0-9a-f]{128})$/;
/** A PKCS #8 with the named curve SM2, up to the end of the private number, in hex. */
const PKCS8 =
  /^30(?:81)?[0-9a-f]{2}020100301306072a8648ce3d020106082a811ccf5501822d04(?:81)?[0-9a-f]{2}30(?:81)?[0-9a-f]{2}0201010420([0-9a-f]{64})/;

/**
 * Why a key is not an SM2 key. Node holds SM2 keys as `KeyObject`s but has no name for their type, so that only what it
 * exports tells them.
 *
 * @param key - a private or public key
 * @returns the rest of a sentence that begins with the option's name, or nothing for an SM2 key
 */
export function sm2Fault(key: KeyObject): string | undefined {
  const { type, asymmetricKeyType = 'unknown' } = key;
  const isSm2 = type === 'private' ? PKCS8.test(derOf(key)) : SPKI.test(derOf(key));
  return isSm2 ? undefined : `is a key of type ${asymmetricKeyType}; SM2, as a named curve, is needed`;
}

/**
 * The private number of an SM2 key.
 *
 * @param key - of type `private`
 * @returns 64 hex digits
 * @throws Error if it is no SM2 key
 */
export function privateNumber(key: KeyObject): string {
  return required(PKCS8.exec(derOf(key))?.[1]);
}

/**
 * The point of an SM2 key, uncompressed.
 *
 * @param key - of type `private` or `public`
 * @returns 130 hex digits: `04`, X and Y
 * @throws Error if it is no SM2 key
 */
export function publicPoint(key: KeyObject): string {
  return required(SPKI.exec(derOf(key.type === 'private' ? createPublicKey(key) : key))?.[1]);
}

function derOf(key: KeyObject): string {
  const der =
    key.type === 'private' ? key.export({ type: 'pkcs8', format: 'der' }) : key.export({ type: 'spki', format: 'der' });
  return der.toString('hex');
}

function required(value: string | undefined): string {
  if (value === undefined) throw new TypeError('an SM2 key is needed');
  return value;
}
