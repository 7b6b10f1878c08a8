import { kindOf } from '../options/kind-of.js';
import { OptionFault } from '../options/option-report.js';

const FILE_NAME = /\.(?:pem|key|crt|cer|p12)$|^[./~]/;
const LONGEST_FILE_NAME = 1_024;
const QUOTATION_MARK = /^["'`“”‘’]/;
/** What `-----BEGIN` is in base64. */
const BASE64_OF_PEM = /^LS0tLS1CRUdJT/;
const SPACE_FOR_LINE_BREAK = /-----BEGIN [A-Z ]+-----[ \t]+\S/;

/**
 * The PEM text of a key or certificate, without what commonly gets in from around it: white space at its ends, indented
 * lines, and line breaks that are written as `\n`, once or twice escaped, as in environment variables.
 *
 * @param input - as the application gave it
 * @param wanted - what to give, for the message
 * @returns `undefined` where the input is bytes in another format than PEM
 * @throws {@link OptionFault} where it is neither
 */
export function pemText(input: string | Uint8Array, wanted: string): string | undefined {
  if (input instanceof Uint8Array) return tidy(Buffer.from(input).toString('latin1'));
  if (typeof input !== 'string') throw new OptionFault(`is ${kindOf(input)}; ${wanted}`);
  if (input.trim() === '') throw new OptionFault(`is empty; ${wanted}`);
  const pem = tidy(input);
  if (pem !== undefined) return pem;
  if (input.length < LONGEST_FILE_NAME && FILE_NAME.test(input.trim())) {
    throw new OptionFault(`is a file name; read the file and ${wanted}`);
  }
  throw new OptionFault(`is not PEM: it lacks a -----BEGIN line; ${wanted}`);
}

function tidy(input: string): string | undefined {
  const text = input.trim();
  if (BASE64_OF_PEM.test(text)) throw new OptionFault('is base64 of a PEM; decode it first');
  if (!text.includes('-----BEGIN')) return undefined;
  if (QUOTATION_MARK.test(text)) throw new OptionFault('is wrapped in quotation marks; remove them');
  // A backslash may itself have been escaped on the way.
  const lines = text.replaceAll(/(?:\\+r)?\\+n/g, '\n').split(/\r?\n/);
  const pem = lines.map((line) => line.trim()).join('\n');
  if (SPACE_FOR_LINE_BREAK.test(pem)) {
    throw new OptionFault('has spaces where its line breaks should be; keep them, or write each as \\n');
  }
  return pem;
}
