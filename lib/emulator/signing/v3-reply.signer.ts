import { randomUUID, sign } from 'node:crypto';

import { replyMessage } from '../../api-v3/reply-message.js';
import type { V3Answer } from '../answers/emulator-answer.js';
import type { ReplyKey } from '../keys/emulator-keys.js';
import { randomAlphanumeric } from '../keys/random-text.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';

import { RSA_SCHEME } from './emulator-scheme.js';
import type { EmulatorScheme } from './emulator-scheme.js';
import type { SignAs } from './sign-as.js';

const SIGNATURE_HEADER = /^wechatpay-(?:timestamp|nonce|signature|serial|signature-type)$/i;

/**
 * Writes an APIv3 answer, not yet signed.
 *
 * @param answer - the answer
 * @param now - milliseconds since 1970
 */
export function v3Reply({ status, body, internalCode = 0 }: V3Answer, now: number): EmulatorReply {
  const hasBody = body !== undefined;
  return {
    status,
    headers: [
      ['Date', new Date(now).toUTCString()],
      ...(hasBody ? [['Content-Type', 'application/json; charset=utf-8'] as const] : []),
      ['Cache-Control', 'no-cache, must-revalidate'],
      ['Request-ID', `${randomUUID().toUpperCase()}-${internalCode}`],
    ],
    body: Buffer.from(hasBody ? JSON.stringify(body) : ''),
  };
}

/**
 * Signs an APIv3 reply, in place of the signature it may have.
 *
 * @param reply - the reply
 * @param key - the right key; or a scheme other than RSA, which signs by itself
 * @param now - milliseconds since 1970
 * @param as - what to sign with instead
 * @see protocol: APIv3 reply verification
 */
export function signV3(
  reply: EmulatorReply,
  key: ReplyKey | EmulatorScheme,
  now: number,
  as: SignAs = {},
): EmulatorReply {
  const timestamp = String(as.timestamp ?? Math.floor(now / 1000));
  const nonce = as.nonce ?? randomAlphanumeric(32);
  const message = replyMessage(timestamp, nonce, reply.body);
  const signature =
    'scheme' in key ? key.sign(message) : sign('sha256', message, as.privateKey ?? key.privateKey).toString('base64');
  return {
    ...reply,
    headers: [
      ...reply.headers.filter(([name]) => !SIGNATURE_HEADER.test(name)),
      ['Wechatpay-Timestamp', timestamp],
      ['Wechatpay-Nonce', nonce],
      ['Wechatpay-Signature', signature],
      ['Wechatpay-Serial', as.serial ?? key.serial],
      ['Wechatpay-Signature-Type', 'scheme' in key ? key.scheme : RSA_SCHEME],
    ],
  };
}
