import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';

/** One message as it went over the wire. */
export interface WireMessage {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** A reply as it went over the wire. */
export interface WireAnswer extends WireMessage {
  readonly status: number;
}

/** What the merchant holds: its APIv2 key as text, and WeChat Pay's public keys or certificates as PEM by their serial. */
export interface Keys {
  readonly apiV2Key: string;
  readonly platform: ReadonlyMap<string, string>;
}

/** What a reply proves of the order that was to be closed. */
export type Opinion = 'closed' | 'paid' | 'notFound' | 'nothing';

const MEANINGS: readonly (readonly [RegExp, Opinion])[] = [
  [/^ORDER_?CLOSED$/i, 'closed'],
  [/^ORDER_?PAID$/i, 'paid'],
  [/^ORDER_?NOT_?EXISTS?$/i, 'notFound'],
];

/** Every field that a reply to an APIv2 close may have (protocol §1.3). */
const V2_REPLY =
  /^(return_code|return_msg|appid|mch_id|sub_appid|sub_mch_id|nonce_str|sign|result_code|result_msg|err_code|err_code_des)$/;

const V2_FIELD =
  /[\t\n\r ]*(?:<([A-Za-z][A-Za-z0-9_]*)\s*>(?:<!\[CDATA\[((?:(?!\]\]>)[\s\S])*)\]\]>|((?:[^<&]|&(?:lt|gt|amp|quot|apos);)*))<\/\1\s*>|<([A-Za-z][A-Za-z0-9_]*)\s*\/>)/y;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * A second judge of replies, written from the protocol text (§1, §3, §4) and promise G2 alone. It shares no code with the
 * library, so that a mistake there is not made here as well.
 */
export class SecondOpinion {
  readonly #seen = new Set<string>();

  constructor(private readonly keys: Keys) {}

  /**
   * What the reply to an APIv3 close proves.
   *
   * @param reply - as it came
   * @param now - the merchant's time, in milliseconds
   */
  ofV3(reply: WireAnswer, now: number): Opinion {
    const received = asReceived(reply);
    if (!isPlain(received)) return 'nothing';
    const [time, nonce, signature, serial] = ['timestamp', 'nonce', 'signature', 'serial'].map((name) =>
      only(received, `wechatpay-${name}`),
    );
    if (time === undefined || nonce === undefined || signature === undefined || serial === undefined) return 'nothing';
    const types = all(received, 'wechatpay-signature-type');
    if (types.length > 1 || types.some((type) => type !== 'WECHATPAY2-SHA256-RSA2048')) return 'nothing';
    if (!/^[0-9]{10}$/.test(time) || Math.abs(Number(time) - Math.trunc(now / 1_000)) > 300) return 'nothing';
    const pem = this.keys.platform.get(serial);
    // 256 bytes in base64: 341 full digits, one that holds the last 2 bits, and two signs of padding.
    if (pem === undefined || !/^[A-Za-z0-9+/]{341}[AQgw]==$/.test(signature)) return 'nothing';
    const signed = Buffer.concat([Buffer.from(`${time}\n${nonce}\n`, 'latin1'), received.body, Buffer.from('\n')]);
    const proof = Buffer.from(signature, 'base64');
    if (!verify('sha256', signed, createPublicKey(pem), proof)) return 'nothing';
    if (!this.#isNew(`v3 ${serial} ${nonce}`)) return 'nothing';
    if (received.status === 204 && received.body.length === 0) return 'closed';
    const isError = received.status === 202 || received.status >= 400;
    return isError ? meaning(codeIn(received.body)) : 'nothing';
  }

  /**
   * What the reply to an APIv2 close proves.
   *
   * @param request - as it was sent
   * @param reply - as it came
   */
  ofV2(request: WireMessage, reply: WireAnswer): Opinion {
    const sent = readFlatXml(request.body);
    const received = asReceived(reply);
    const said = isPlain(received) ? readFlatXml(received.body) : undefined;
    if (sent === undefined || said === undefined) return 'nothing';
    const algorithm = sent.get('sign_type') ?? 'MD5';
    if (said.get('return_code') !== 'SUCCESS') return 'nothing';
    if (!said.get('sign') || said.get('sign') !== signV2(said, this.keys.apiV2Key, algorithm)) return 'nothing';
    const ours = ['appid', 'mch_id', 'sub_mch_id'].every((name) => (said.get(name) || '') === (sent.get(name) || ''));
    const subAppid = said.get('sub_appid') || sent.get('sub_appid') || '';
    if (!ours || subAppid !== (sent.get('sub_appid') || '')) return 'nothing';
    if (!this.#isNew(`v2 ${sent.get('mch_id')} ${said.get('sign')}`)) return 'nothing';
    const code = (said.get('err_code') ?? '').trim();
    // The signature covers no status: a whole success needs 200, signed words of refusal speak for themselves.
    const isDone = said.get('result_code') === 'SUCCESS' && code === '' && received.status === 200;
    const opinion = isDone ? 'closed' : said.get('result_code') === 'FAIL' ? meaning(code) : 'nothing';
    return opinion === 'closed' && ![...said.keys()].every((name) => V2_REPLY.test(name)) ? 'nothing' : opinion;
  }

  #isNew(mark: string): boolean {
    if (this.#seen.has(mark)) return false;
    this.#seen.add(mark);
    return true;
  }
}

/**
 * The `sign` of an APIv2 message (protocol §4.1).
 *
 * @param fields - all of them; `sign` does not count
 * @param key - the merchant's APIv2 key
 * @param algorithm - `MD5` or `HMAC-SHA256`
 */
export function signV2(fields: ReadonlyMap<string, string>, key: string, algorithm: string): string {
  const text = `${canonicalV2(fields)}&key=${key}`;
  const digest = algorithm === 'MD5' ? createHash('md5') : createHmac('sha256', key);
  return digest.update(text, 'utf8').digest('hex').toUpperCase();
}

/**
 * The text that `sign` covers, but for the key.
 *
 * @param fields - all of them
 */
export function canonicalV2(fields: ReadonlyMap<string, string>): string {
  const names = [...fields.keys()].filter((name) => name !== 'sign' && fields.get(name) !== '');
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return names.map((name) => `${name}=${fields.get(name)}`).join('&');
}

/**
 * Reads the flat XML of APIv2 by regular expressions.
 *
 * @param bytes - the message
 * @returns `undefined` for anything else
 */
export function readFlatXml(bytes: Buffer): Map<string, string> | undefined {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (bytes.length > 65_536 || !Buffer.from(text).equals(withoutMark(bytes)) || text.includes('\0')) return undefined;
  const document =
    /^[\t\n\r ]*(?:<\?xml version="1\.[01]"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")?\s*\?>)?[\t\n\r ]*<xml\s*>([\s\S]*)<\/xml\s*>[\t\n\r ]*$/.exec(
      text,
    );
  // XML knows one kind of line end.
  const inside = (document?.[1] ?? '').replaceAll(/\r\n?/g, '\n');
  const fields = new Map<string, string>();
  let at = 0;
  while (/[^\t\n\r ]/.test(inside.slice(at))) {
    V2_FIELD.lastIndex = at;
    const field = V2_FIELD.exec(inside);
    if (field === null) return undefined;
    const name = field[1] ?? field[4] ?? '';
    if (fields.has(name)) return undefined;
    fields.set(
      name,
      field[2] ?? (field[3] ?? '').replaceAll(/&(\w+);/g, (_, entity: string) => ENTITIES[entity] ?? ''),
    );
    at = V2_FIELD.lastIndex;
  }
  return fields.size === 0 ? undefined : fields;
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(Buffer.from('\uFEFF')) ? bytes.subarray(3) : bytes;
}

/** What HTTP leaves of a reply: no body with 204 and 304, and no blanks around the values of headers. */
function asReceived({ status, headers, body }: WireAnswer): WireAnswer {
  return {
    status,
    headers: headers.map(([name, value]) => [name.toLowerCase(), value.replaceAll(/^[ \t]+|[ \t]+$/g, '')]),
    body: status === 204 || status === 304 ? Buffer.alloc(0) : body,
  };
}

/** Nothing was compressed on the way, and it is no larger than a reply may be. */
function isPlain(reply: WireAnswer): boolean {
  const codings = all(reply, 'content-encoding');
  return codings.every((coding) => coding.toLowerCase() === 'identity') && reply.body.length <= 65_536;
}

function all({ headers }: WireMessage, name: string): string[] {
  return headers.filter((header) => header[0] === name).map((header) => header[1]);
}

/** The value of a header that stands there exactly once and is made of visible characters. */
function only(message: WireMessage, name: string): string | undefined {
  const values = all(message, name);
  return values.length === 1 && /^[\x21-\x7E]+$/.test(values[0] ?? '') ? values[0] : undefined;
}

function codeIn(body: Buffer): unknown {
  try {
    return (JSON.parse(body.toString('utf8')) as { code?: unknown } | null)?.code;
  } catch {
    return undefined;
  }
}

function meaning(code: unknown): Opinion {
  return (typeof code === 'string' && MEANINGS.find(([pattern]) => pattern.test(code))?.[1]) || 'nothing';
}
