import { randomBytes, randomInt } from 'node:crypto';

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Random digits and letters, as nonces and API keys are made of.
 *
 * @param length - in characters
 */
export function randomAlphanumeric(length: number): string {
  return Array.from({ length }, () => ALPHANUMERIC.charAt(randomInt(ALPHANUMERIC.length))).join('');
}

/**
 * Random decimal digits.
 *
 * @param length - in characters
 */
export function randomDigits(length: number): string {
  return Array.from({ length }, () => randomInt(10)).join('');
}

/** A random certificate serial number: 40 upper-case hex digits that make a positive number. */
export function randomSerialNo(): string {
  const bytes = randomBytes(20);
  // A serial number has at most 20 octets, so the sign bit must stay free; a leading zero octet would be dropped.
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes.toString('hex').toUpperCase();
}
