import type { KeyObject } from 'node:crypto';

/** A platform certificate that was decrypted with the merchant's APIv3 key. Times are in milliseconds since 1970. */
export interface PlatformCertificate {
  /** As replies name it. */
  readonly serial: string;
  readonly key: KeyObject;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** One that is kept. */
export interface KeptCertificate extends PlatformCertificate {
  /** When it last stood in a list. */
  readonly listedAt: number;
}

/** How long a certificate is believed after it has left the list: hosts of WeChat Pay do not change over all at once. */
const FAREWELL_MS = 12 * 60 * 60_000;

/**
 * What is kept after a list was read: all that it holds, and what it no longer holds for another 12 hours unless it has
 * expired.
 *
 * @param kept - what was kept before
 * @param listed - the list, of valid certificates; not empty
 * @param now - in milliseconds
 */
export function renewed(
  kept: readonly KeptCertificate[],
  listed: readonly PlatformCertificate[],
  now: number,
): readonly KeptCertificate[] {
  const serials = new Set(listed.map(({ serial }) => serial));
  const leaving = kept.filter(
    ({ serial, listedAt, notAfter }) => !serials.has(serial) && now - listedAt < FAREWELL_MS && now <= notAfter,
  );
  return [...listed.map((certificate) => ({ ...certificate, listedAt: now })), ...leaving];
}

/**
 * Which of the certificates that are kept are believed. An expired one is believed only while no other has been had: its key
 * is WeChat Pay's all the same, and a refresh that fails shall not leave a merchant without any.
 *
 * @param kept - what is kept
 * @param now - in milliseconds
 * @returns none only if none are kept
 */
export function believed(kept: readonly KeptCertificate[], now: number): readonly KeptCertificate[] {
  const current = kept.filter(({ notAfter }) => now <= notAfter);
  if (current.length > 0) return current;
  const last = newest(kept);
  return last === undefined ? [] : [last];
}

/** The certificate that became valid last; of several, the one that stands first. */
export function newest<T extends PlatformCertificate>(certificates: readonly T[]): T | undefined {
  return certificates.reduce<T | undefined>(
    (best, candidate) => (best === undefined || candidate.notBefore > best.notBefore ? candidate : best),
    undefined,
  );
}
