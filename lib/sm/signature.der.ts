/** The order of the SM2 curve's base point. */
const ORDER = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');
const SIGNATURE = /^30[0-9a-f]{2}02([0-9a-f]{2})([0-9a-f]*)$/;

/**
 * Reads an SM2 signature, a DER sequence of the integers r and s. Only their one canonical encoding is taken, without a
 * byte before or after, and only numbers that a signature can have, so that no signature has a second spelling.
 *
 * @param der - the bytes
 * @returns r and s, 64 hex digits each; nothing for anything else
 * @see GB/T 32918.2, step B1 and B2 of verification; GB/T 35276, SM2Signature
 */
export function readSignature(der: Uint8Array): string | undefined {
  const hex = Buffer.from(der).toString('hex');
  const [, length = '', rest = ''] = SIGNATURE.exec(hex) ?? [];
  const end = Number.parseInt(length, 16) * 2;
  const r = numberOf(rest.slice(0, end));
  const s = numberOf(rest.slice(end + 4));
  if (r === undefined || s === undefined || writeSignature(r, s) !== hex) return undefined;
  return digits(r) + digits(s);
}

function numberOf(hex: string): bigint | undefined {
  if (hex === '') return undefined;
  const value = BigInt(`0x${hex}`);
  return value > 0n && value < ORDER ? value : undefined;
}

function digits(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

function writeSignature(r: bigint, s: bigint): string {
  return element('30', integer(r) + integer(s));
}

function integer(value: bigint): string {
  const hex = value.toString(16);
  const whole = hex.padStart(hex.length + (hex.length % 2), '0');
  return element('02', /^[89a-f]/.test(whole) ? `00${whole}` : whole);
}

/** A signature has 72 bytes at most, so that one byte is enough for any length. */
function element(tag: string, content: string): string {
  return tag + (content.length / 2).toString(16).padStart(2, '0') + content;
}
