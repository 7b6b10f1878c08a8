import { request } from 'node:http';

import { decodeXml } from '../../api-v2/xml.codec.js';

import type { NotificationMessage } from './notification-changes.js';

/** How long WeChat Pay waits for an answer, in milliseconds. */
const ANSWER_MS = 5_000;
const MOST_BYTES = 65_536;

/** What the shop answered. */
export interface ShopAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/**
 * Sends a notification.
 *
 * @param url - `notify_url`
 * @param message - to the letter
 * @param signal - ends it
 * @returns the answer, or why there was none within 5 s
 */
export function postNotification(
  url: string,
  { headers, body }: NotificationMessage,
  signal: AbortSignal,
): Promise<ShopAnswer | { readonly failure: string }> {
  const all = [
    ['Host', new URL(url).host],
    ...headers,
    ['Content-Length', String(body.byteLength)],
    ['Connection', 'close'],
  ];
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ failure: error.message });
    const whole = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    const sent = request(url, { method: 'POST', headers: all.flat(), signal: whole }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (part: string) => (text = `${text}${part}`.slice(0, MOST_BYTES)));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }));
      incoming.on('error', failed);
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

/**
 * Whether an answer ends a notification.
 *
 * @param answer - of the shop
 * @param api - whose rules
 * @see protocol §7
 */
export function isSuccess({ status, body }: ShopAnswer, api: 'v2' | 'v3'): boolean {
  if (api === 'v3') return status === 200 || status === 204;
  try {
    return status === 200 && decodeXml(Buffer.from(body)).get('return_code') === 'SUCCESS';
  } catch {
    return false;
  }
}
