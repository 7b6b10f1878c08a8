const LONGEST = 256;
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]+/gu;

/** So much of a secret in a row gives it away, however the rest is cut or written. */
const TELLING_LENGTH = 8;

/**
 * Whether a text gives away a part of what we sent in confidence. Only letters and digits are compared, so that neither
 * line breaks nor URL encoding hide it.
 */
function givesAway(text: string, secret: string): boolean {
  const [heard, sent] = [lettersAndDigits(text), lettersAndDigits(secret)];
  return heard.length < sent.length ? isPartShared(heard, sent) : isPartShared(sent, heard);
}

function isPartShared(shorter: string, longer: string): boolean {
  if (!mayShare(shorter, longer)) return false;
  for (let at = 0; at + TELLING_LENGTH <= shorter.length; at++) {
    if (longer.includes(shorter.slice(at, at + TELLING_LENGTH))) return true;
  }
  return false;
}

/** A part of that length, wherever it begins, holds one of these halves of it. Hardly any other text does. */
function mayShare(shorter: string, longer: string): boolean {
  const length = TELLING_LENGTH / 2;
  for (let at = 0; at + length <= shorter.length; at += length) {
    if (longer.includes(shorter.slice(at, at + length))) return true;
  }
  return false;
}

/** By hand, as every reply is held against a long signature: a regular expression takes three times as long. */
function lettersAndDigits(text: string): string {
  const decoded = text.includes('%') ? text.replaceAll(/%[0-9A-Fa-f]{2}/g, '') : text;
  let kept = '';
  let from = 0;
  for (let at = 0; at < decoded.length; at++) {
    if (isLetterOrDigit(decoded.charCodeAt(at))) continue;
    kept += decoded.slice(from, at);
    from = at + 1;
  }
  return from === 0 ? decoded : kept + decoded.slice(from);
}

function isLetterOrDigit(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/**
 * Makes a text from the wire safe to keep in an error: at most 256 characters, no line breaks or control characters, and
 * without any echo of what we sent in confidence.
 *
 * @param text - whatever stood in the reply
 * @param secrets - texts of the request that must not come back, such as its signature
 * @returns the text, or `undefined` where there was none
 */
export function plainWords(text: unknown, secrets: readonly string[]): string | undefined {
  if (typeof text !== 'string') return undefined;
  if (secrets.some((secret) => givesAway(text, secret))) return '[redacted: it repeats what was sent in confidence]';
  return text.replaceAll(CONTROL_CHARACTERS, ' ').trim().slice(0, LONGEST) || undefined;
}
