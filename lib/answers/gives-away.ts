/** So much of a secret in a row gives it away, however the rest is cut or written. */
const TELLING_LENGTH = 8;

/**
 * Whether a text gives away a part of what we sent in confidence. Only letters and digits are compared, so that neither
 * line breaks nor URL encoding hide it.
 *
 * @param text - whatever stood in a reply
 * @param secret - a text of the request
 */
export function givesAway(text: string, secret: string): boolean {
  if (!mayGiveAway(text, secret)) return false;
  const [heard, sent] = [lettersAndDigits(text), lettersAndDigits(secret)];
  return heard.length < sent.length ? isPartShared(heard, sent) : isPartShared(sent, heard);
}

/** Which characters of ASCII a text holds. It is written anew each time: making such a table takes longer than all else here. */
const isHeld = new Uint8Array(128);

/**
 * Whether so many characters in a row of the secret hold no letter or digit that the text lacks. Every reply's `Request-ID` is held against a
 * long signature, and hardly ever are there any; to find that out takes an eighth of a comparison.
 */
function mayGiveAway(text: string, secret: string): boolean {
  // What follows a percent sign is no letter or digit of its own.
  if (secret.includes('%')) return true;
  isHeld.fill(0);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < isHeld.length) isHeld[code] = 1;
  }
  let from = 0;
  while (from + TELLING_LENGTH <= secret.length) {
    const lacked = lastLacked(secret, from);
    if (lacked === undefined) return true;
    from = lacked + 1;
  }
  return false;
}

/** The place of the last letter or digit in that part of the secret that the text lacks. */
function lastLacked(secret: string, from: number): number | undefined {
  for (let at = from + TELLING_LENGTH - 1; at >= from; at--) {
    const code = secret.charCodeAt(at);
    if (isHeld[code] !== 1 && isLetterOrDigit(code)) return at;
  }
  return undefined;
}

function isPartShared(shorter: string, longer: string): boolean {
  if (!isHalfShared(shorter, longer)) return false;
  for (let at = 0; at + TELLING_LENGTH <= shorter.length; at++) {
    if (longer.includes(shorter.slice(at, at + TELLING_LENGTH))) return true;
  }
  return false;
}

/** A part of that length, wherever it begins, holds one of these halves of it. Hardly any other text does. */
function isHalfShared(shorter: string, longer: string): boolean {
  const length = TELLING_LENGTH / 2;
  for (let at = 0; at + length <= shorter.length; at += length) {
    if (longer.includes(shorter.slice(at, at + length))) return true;
  }
  return false;
}

function lettersAndDigits(text: string): string {
  return text.replaceAll(/%[0-9A-Fa-f]{2}|[^0-9A-Za-z]/g, '');
}

function isLetterOrDigit(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39);
}
