import { givesAway } from './gives-away.js';

const LONGEST = 256;
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]+/gu;

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
