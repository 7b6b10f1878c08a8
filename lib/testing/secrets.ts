import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';

import { demand } from './demand.js';

/** A line of PEM that belongs to no key in particular is shorter. */
const TELLING_LINE = 32;

/**
 * Texts that would give a key away: of an APIv2 key all of it, of a private key each line of its PEM.
 *
 * @param key - public keys have none
 */
export function secretsOf(key: KeyObject | undefined): readonly string[] {
  if (key === undefined || key.type === 'public') return [];
  if (key.type === 'secret')
    return [key.export().toString(), key.export().toString('base64'), key.export().toString('hex')];
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  // The first line says only what kind of key it is.
  return pem
    .split('\n')
    .slice(2)
    .filter((line) => line.length > TELLING_LINE);
}

/**
 * Makes sure that nothing secret can be read off a value: not printed, nor as text, nor as JSON.
 *
 * @param value - an error, or any object
 * @param what - what it is, to name it
 * @param secrets - what must not be in it
 * @throws Error that names neither value nor secret
 */
export function demandNoSecret(value: unknown, what: string, secrets: readonly string[]): void {
  const views: readonly (readonly [how: string, text: string])[] = [
    ['util.inspect', inspect(value, { depth: 12, maxStringLength: null, maxArrayLength: null })],
    ['its text', String(value)],
    ['its JSON', jsonOf(value)],
  ];
  for (const [how, text] of views) {
    demand(
      !secrets.some((secret) => secret !== '' && text.includes(secret)),
      `A secret can be read off ${what}, in ${how}.`,
    );
  }
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // What goes round in circles cannot be JSON, so that nothing comes out this way.
    return '';
  }
}
