import { isUtf8 } from 'node:buffer';

import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

import { MalformedXmlError } from './malformed-xml.error.js';
import { readPlainXml, writePlainXml } from './plain-xml.js';

/** The most bytes of XML that are looked at: 64 KiB. WeChat's own replies stay under 2 kB. */
export const XML_BYTE_LIMIT = 65_536;

const ROOT = 'xml';
const CDATA = '#cdata';
const TEXT = '#text';

const CDATA_SECTION = /<!\[CDATA\[[\s\S]*?\]\]>/g;
const DECLARATION =
  /^[\t\n\r ]*<\?xml version="1\.[01]"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")?\s*\?>/;
const FORBIDDEN_MARKUP = /<[!?]|&(?!(?:lt|gt|amp|quot|apos);)/;
const BLANK = /^[\t\n\r ]*$/;
const END = />[\t\n\r ]*$/;
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

const parser = new XMLParser({
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Attributes, split CDATA sections and nested elements are kept, so that they can be seen and refused.
  ignoreAttributes: false,
  attributesGroupName: '@',
  cdataPropName: CDATA,
  textNodeName: TEXT,
});

const builder = new XMLBuilder({ cdataPropName: CDATA, format: false, suppressEmptyNode: false });

/**
 * Writes an APIv2 message: one `<xml>` element, one CDATA leaf a field.
 *
 * @param fields - names and values as on the wire
 */
export function encodeXml(fields: Iterable<readonly [string, string]>): string {
  return writePlainXml(fields) ?? buildXml(fields);
}

/** Writes any fields, with the library. */
export function buildXml(fields: Iterable<readonly [string, string]>): string {
  const leaves = Object.fromEntries([...fields].map(([name, value]) => [name, { [CDATA]: value }]));
  return builder.build({ [ROOT]: leaves });
}

/**
 * Reads an APIv2 message strictly: at most 64 KiB of UTF-8, one `<xml>` root, unique leaf elements that hold text or one
 * CDATA section, and nothing else: no DOCTYPE, no entities but the five of XML itself, no comments, no processing
 * instructions, no attributes, no nesting. Values are kept to the letter, since the signature covers them.
 *
 * @param bytes - the body as it came from the socket
 * @returns the fields in the order they came
 * @throws {@link MalformedXmlError} that names the rule that was broken
 */
export function decodeXml(bytes: Uint8Array): ReadonlyMap<string, string> {
  if (bytes.byteLength > XML_BYTE_LIMIT) throw new MalformedXmlError(`more than ${XML_BYTE_LIMIT} bytes`);
  const document = decodeUtf8(bytes).replace(DECLARATION, '');
  return readPlainXml(document) ?? parseXml(document);
}

/**
 * Reads a message in any spelling, with the library.
 *
 * @param document - without its XML declaration
 * @throws {@link MalformedXmlError}
 */
export function parseXml(document: string): ReadonlyMap<string, string> {
  if (FORBIDDEN_MARKUP.test(document.replace(CDATA_SECTION, ''))) {
    throw new MalformedXmlError('a DOCTYPE, comment, processing instruction or entity is not allowed');
  }
  // The validator passes over an entity that stands after the root.
  if (!END.test(document) || XMLValidator.validate(document) !== true) {
    throw new MalformedXmlError('not well-formed XML');
  }
  return flatten(parse(document));
}

const BYTE_ORDER_MARK = '\uFEFF';

function decodeUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new MalformedXmlError('not UTF-8');
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const text = whole.startsWith(BYTE_ORDER_MARK) ? whole.slice(1) : whole;
  if (text.includes('\0')) throw new MalformedXmlError('a NUL character is not allowed');
  return text;
}

function parse(document: string): unknown {
  try {
    return parser.parse(document);
  } catch {
    throw new MalformedXmlError('the parser refused it');
  }
}

function flatten(parsed: unknown): ReadonlyMap<string, string> {
  const roots = entriesOf(parsed);
  const [name, root] = roots[0] ?? [];
  if (roots.length !== 1 || name !== ROOT) throw new MalformedXmlError('one <xml> root element is expected');
  const fields = new Map<string, string>();
  for (const [field, node] of entriesOf(root)) {
    if (field === TEXT && typeof node === 'string' && BLANK.test(node)) continue;
    if (!FIELD_NAME.test(field)) throw new MalformedXmlError('text or attributes stand between the fields');
    fields.set(field, leafText(node));
  }
  return fields;
}

function leafText(node: unknown): string {
  if (typeof node === 'string') return node;
  const parts = entriesOf(node);
  const [name, value] = parts[0] ?? [];
  if (parts.length === 1 && name === CDATA && typeof value === 'string') return value;
  throw new MalformedXmlError('a field is repeated, nested or split');
}

function entriesOf(node: unknown): [string, unknown][] {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    throw new MalformedXmlError('one <xml> root element that holds fields is expected');
  }
  return Object.entries(node);
}
