import { createSecretKey, KeyObject } from 'node:crypto';

import { kindOf } from '../options/kind-of.js';
import { OptionFault } from '../options/option-report.js';
import type { SecretInput } from '../wechat-pay.options.js';

const VISIBLE_ASCII = /^[!-~]{32}$/;

/**
 * Reads an APIv2 or APIv3 key.
 *
 * @param input - 32 visible ASCII characters as text, bytes or a secret `KeyObject`
 * @param where - where a person finds it
 * @throws {@link OptionFault} that says what was given instead
 */
export function readSecret(input: SecretInput | undefined, where: string): KeyObject {
  if (input === undefined) throw new OptionFault(`is missing; copy it from ${where}`);
  const bytes = bytesOf(input, where);
  const text = bytes.toString('latin1');
  if (VISIBLE_ASCII.test(text)) return createSecretKey(bytes);
  if (bytes.byteLength === 0) throw new OptionFault(`is empty; copy it from ${where}`);
  const stray = /[^!-~]/.test(text) ? ' and has white space or characters that do not belong in a key' : '';
  throw new OptionFault(
    `is ${bytes.byteLength} bytes long${stray}; it must be exactly 32 letters and digits: copy it again from ${where}`,
  );
}

function bytesOf(input: SecretInput, where: string): Buffer {
  if (typeof input === 'string' || input instanceof Uint8Array) return Buffer.from(input);
  const isKey: boolean = input instanceof KeyObject;
  if (!isKey) throw new OptionFault(`is ${kindOf(input)}; give the 32 characters from ${where} as a string`);
  if (input.type !== 'secret') throw new OptionFault(`is a ${input.type} key; give the 32 characters from ${where}`);
  return input.export();
}
