import { createHash, createHmac, randomUUID, sign } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { EmulatorMerchantCredentials, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

/** JSON of whatever shape. */
export interface LooseJson {
  readonly [name: string]: LooseJson;
}

/** A reply as it came over the wire. */
export interface RawReply {
  readonly status: number;
  /** Names in lower case; repeated ones are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body as JSON. */
  readonly json: LooseJson;
}

/** What a request says instead of what is right; `undefined` leaves a header out. */
export interface Wrong {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly timestamp?: number | string;
  readonly nonce?: string;
  readonly mchid?: string;
  readonly serialNo?: string;
  readonly signedBody?: string;
  readonly signature?: string;
  readonly authorization?: string;
}

/**
 * The emulator's first merchant.
 *
 * @param emulator - whose
 */
export function firstMerchant({ credentials }: WechatPayEmulator): EmulatorMerchantCredentials {
  const [merchant] = credentials.merchants;
  if (merchant === undefined) throw new Error('The emulator has no merchant.');
  return merchant;
}

/**
 * Sends a request to the letter.
 *
 * @param url - origin
 * @param method - of the request
 * @param target - path and query
 * @param headers - and no others but `Host` and `Connection`
 * @param body - of the request
 */
export async function send(
  url: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method, path: target, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
          body: bytes,
          get json() {
            return JSON.parse(bytes.toString()) as LooseJson;
          },
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/**
 * Sends an APIv3 request, signed by the emulator's first merchant.
 *
 * @param emulator - who answers
 * @param method - of the request
 * @param target - path and query
 * @param content - JSON text, or a value to be sent as JSON
 * @param wrong - what is wrong about it
 */
export async function sendV3(
  emulator: WechatPayEmulator,
  method: 'GET' | 'POST',
  target: string,
  content?: string | object,
  wrong: Wrong = {},
): Promise<RawReply> {
  const merchant = firstMerchant(emulator);
  const body = typeof content === 'object' ? JSON.stringify(content) : (content ?? '');
  const timestamp = wrong.timestamp ?? Math.floor(emulator.clock.now() / 1000);
  const nonce = wrong.nonce ?? randomUUID().replaceAll('-', '');
  const message = `${method}\n${target}\n${timestamp}\n${nonce}\n${wrong.signedBody ?? body}\n`;
  const signature = wrong.signature ?? sign('sha256', Buffer.from(message), merchant.privateKey).toString('base64');
  const authorization =
    wrong.authorization ??
    `WECHATPAY2-SHA256-RSA2048 signature="${signature}",serial_no="${wrong.serialNo ?? merchant.serialNo}",` +
      `nonce_str="${nonce}",timestamp="${timestamp}",mchid="${wrong.mchid ?? merchant.mchid}"`;
  const headers = Object.entries({
    Accept: 'application/json',
    'User-Agent': 'raw-client',
    ...(body !== '' && { 'Content-Type': 'application/json' }),
    Authorization: authorization,
    ...wrong.headers,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return send(emulator.url, method, target, Object.fromEntries(headers), body);
}

/**
 * Sends an APIv2 request, signed by the emulator's first merchant.
 *
 * @param emulator - who answers
 * @param path - of the endpoint
 * @param fields - besides `appid`, `mch_id`, `nonce_str` and `sign`
 */
export async function sendV2(
  emulator: WechatPayEmulator,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const { appid, mchid, apiV2Key } = firstMerchant(emulator);
  const all: Record<string, string> = { appid, mch_id: mchid, nonce_str: randomUUID().replaceAll('-', ''), ...fields };
  all['sign'] ??= signV2(all, apiV2Key);
  const xml = Object.entries(all).map(([name, value]) => `<${name}>${value}</${name}>`);
  const reply = await send(emulator.url, 'POST', path, { 'Content-Type': 'text/xml' }, `<xml>${xml.join('')}</xml>`);
  return { status: reply.status, text: reply.body.toString() };
}

function signV2(fields: Readonly<Record<string, string>>, key: string): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  const text = `${pairs.toSorted().join('&')}&key=${key}`;
  const hash = fields['sign_type'] === 'HMAC-SHA256' ? createHmac('sha256', key) : createHash('md5');
  return hash.update(text).digest('hex').toUpperCase();
}
