/** The ASN.1 tags that a certificate needs, by name. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** `[0] EXPLICIT`, which holds the version. */
  version: 0xa0,
  /** `[3] EXPLICIT`, which holds the extensions. */
  extensions: 0xa3,
} as const;

/**
 * One DER element: tag, length, contents.
 *
 * @param tag - a tag of {@link TAG}
 * @param contents - the contents, in order
 */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), derLength(content.length), content]);
}

/**
 * A DER INTEGER that is not negative.
 *
 * @param hex - its value in hex
 */
export function derInteger(hex: string): Buffer {
  const bytes = Buffer.from(hex.replace(/^(?:00)+(?=..)/, ''), 'hex');
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return der(TAG.integer, isNegative ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/**
 * A DER OBJECT IDENTIFIER.
 *
 * @param dotted - such as `2.5.4.3`
 */
export function derOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/**
 * A DER time: UTCTime up to 2049, GeneralizedTime from 2050 on, as RFC 5280 wants it.
 *
 * @param time - to the second; what is smaller is cut off
 */
export function derTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/\.\d+|[-:T]/g, '');
  return time.getUTCFullYear() < 2050
    ? der(TAG.utcTime, Buffer.from(digits.slice(2)))
    : der(TAG.generalizedTime, Buffer.from(digits));
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
