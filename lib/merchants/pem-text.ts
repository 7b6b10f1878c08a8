import { kindOf } from '../options/kind-of.js';
import { OptionFault } from '../options/option-report.js';

const FILE_NAME = /\.(?:pem|key|crt|cer|p12)$|^[./~]/;
const LONGEST_FILE_NAME = 1_024;

/**
 * The PEM text of a key or certificate.
 *
 * @param input - as the application gave it
 * @param wanted - what to give, for the message
 * @returns `undefined` where the input is bytes in another format than PEM
 * @throws {@link OptionFault} where it is neither
 */
export function pemText(input: string | Uint8Array, wanted: string): string | undefined {
  if (input instanceof Uint8Array) {
    const text = Buffer.from(input).toString('latin1');
    return text.includes('-----BEGIN') ? text : undefined;
  }
  if (typeof input !== 'string') throw new OptionFault(`is ${kindOf(input)}; ${wanted}`);
  if (input.trim() === '') throw new OptionFault(`is empty; ${wanted}`);
  if (input.includes('-----BEGIN')) return input;
  if (input.length < LONGEST_FILE_NAME && FILE_NAME.test(input.trim())) {
    throw new OptionFault(`is a file name; read the file and ${wanted}`);
  }
  throw new OptionFault(`is not PEM: it lacks a -----BEGIN line; ${wanted}`);
}

/** Environment variables often hold a PEM with its line breaks written as `\n`. */
export function unescaped(pem: string): string {
  return pem.replaceAll('\\n', '\n');
}
