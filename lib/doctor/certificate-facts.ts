import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const COMMON_NAME = /^CN=(.*)$/m;

/** Whether a certificate holds at a time: it does not yet, it does, it does for at most 30 days more, or no longer. */
export type Validity = 'notYet' | 'valid' | 'endsSoon' | 'ended';

/** From when to when a certificate holds, in milliseconds. */
export interface Lifetime {
  readonly from: number;
  readonly to: number;
}

/** From when to when a certificate holds. */
export function lifetimeOf({ validFrom, validTo }: X509Certificate): Lifetime {
  return { from: Date.parse(validFrom), to: Date.parse(validTo) };
}

/**
 * Whether a certificate holds.
 *
 * @param lifetime - of the certificate
 * @param now - in milliseconds
 */
export function validityOf({ from, to }: Lifetime, now: number): Validity {
  if (now < from) return 'notYet';
  if (now > to) return 'ended';
  return to - now <= SOON_DAYS * DAY_MS ? 'endsSoon' : 'valid';
}

/** How many whole days there are between two times in milliseconds. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / DAY_MS);
}

/** A time in milliseconds as a date such as `2031-01-01`. */
export function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Whose certificate it is: `CN` of its subject. A merchant's own has the merchant's number there, WeChat Pay's `Tenpay.com sign`. */
export function commonNameOf({ subject }: X509Certificate): string | undefined {
  // A certificate without a subject has none, whatever the types say.
  const text: unknown = subject;
  return typeof text === 'string' ? COMMON_NAME.exec(text)?.[1] : undefined;
}

/** Whether the certificate is that of a private key. Not `KeyObject.equals`, which leaves OpenSSL errors behind. */
export function isOf(certificate: X509Certificate, privateKey: KeyObject): boolean {
  const [theirs, ours] = [certificate.publicKey, createPublicKey(privateKey)].map((key) =>
    key.export({ type: 'spki', format: 'der' }).toString('hex'),
  );
  return theirs === ours;
}
