const BLANK: ReadonlySet<number | undefined> = new Set([0x09, 0x0a, 0x0d, 0x20]);
const LESS_THAN = 0x3c;

/**
 * Whose form a notification has: APIv2 is XML, APIv3 is not.
 *
 * @param body - raw bytes; nothing is proven
 */
export function apiOf(body: Uint8Array): 'v2' | 'v3' {
  const first = body.find((byte) => !BLANK.has(byte));
  return first === LESS_THAN ? 'v2' : 'v3';
}
