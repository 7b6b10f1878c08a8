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
  for (let at = 0; at + TELLING_LENGTH <= shorter.length; at++) {
    if (longer.includes(shorter.slice(at, at + TELLING_LENGTH))) return true;
  }
  return false;
}

function lettersAndDigits(text: string): string {
  const decoded = text.includes('%') ? text.replaceAll(/%[0-9A-Fa-f]{2}/g, '') : text;
  return decoded.replaceAll(/[^0-9A-Za-z]+/g, '');
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
