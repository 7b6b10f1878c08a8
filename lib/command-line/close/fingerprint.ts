import { createHash } from 'node:crypto';

const BYTES = 6;

/**
 * A number that tells requests apart, so that an outcome is not taken for that of another order. 48 bits: a file that was changed
 * between two runs goes unnoticed once in 281,474,976,710,656 changes.
 *
 * @param variant - the name of the variant
 * @param merchant - that signs, where it is named
 * @param request - as it was read
 */
export function fingerprintOf(variant: string, merchant: string | undefined, request: unknown): number {
  const text = JSON.stringify([variant, merchant ?? null, request], sortedKeys);
  // 0 stands for none.
  return createHash('sha256').update(text).digest().readUIntBE(0, BYTES) || 1;
}

/** As it is written: a letter first, lest a spreadsheet takes it for a number and rounds it. */
export function fingerprintInWords(fingerprint: number): string {
  return `r${fingerprint.toString(16).padStart(BYTES * 2, '0')}`;
}

/** What {@link fingerprintInWords} wrote; `undefined` for anything else. */
export function parseFingerprint(text: string | undefined): number | undefined {
  return text !== undefined && /^r[0-9a-f]{12}$/.test(text) ? Number.parseInt(text.slice(1), 16) : undefined;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
