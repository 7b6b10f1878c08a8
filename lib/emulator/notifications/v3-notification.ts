import { createCipheriv } from 'node:crypto';

import type { ReplyKey } from '../keys/emulator-keys.js';
import { randomAlphanumeric, randomSerialNo } from '../keys/random-text.js';
import { newRsaKey } from '../keys/rsa-pair.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import { basicWords } from '../routes/query-v3.routes.js';
import { combinedWords } from '../routes/query-combined.routes.js';
import { overseasWords } from '../routes/query-overseas.routes.js';
import { beijingTime } from '../routes/transaction-facts.js';
import type { SignAs } from '../signing/sign-as.js';
import { signV3 } from '../signing/v3-reply.signer.js';
import type { JsonValue } from '../wire/json-value.js';

import type { NotificationChanges, NotificationFault, NotificationMessage } from './notification-changes.js';

const ASSOCIATED_DATA = 'transaction';
const WINDOW_SECONDS = 300;

/** What it takes to make an APIv3 notification. */
export interface V3Notification {
  /** The notification's number. */
  readonly id: string;
  /** What is encrypted: JSON. */
  readonly words: string;
  readonly apiV3Key: string;
  /** WeChat Pay's key to sign with. */
  readonly key: ReplyKey;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Makes an APIv3 notification: encrypted, then signed.
 *
 * @param notification - what to tell, and with which keys
 * @param changes - what is different
 * @see protocol §4.3
 */
export function v3Notification(notification: V3Notification, changes: NotificationChanges): NotificationMessage {
  const { fault, plain = same, body = same, headers = same } = changes;
  const { id, words, key, now } = notification;
  const envelope = {
    id,
    create_time: `${beijingTime(now)}+08:00`,
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: sealed(plain(words), notification.apiV3Key, fault),
  };
  const text = Buffer.from(body(JSON.stringify(envelope)));
  const unsigned = { status: 200, headers: [['Content-Type', 'application/json']] as const, body: text };
  const signed = signV3(unsigned, key, now, signAs(fault, now));
  return {
    headers: headers(signed.headers.flatMap(([name, value]) => spoilHeader(name, value, fault))),
    body: fault === 'flippedBody' ? flipped(text, Math.floor(text.length / 2)) : text,
  };
}

/**
 * What an APIv3 notification of an order encrypts: JSON, with the fields of a query's answer.
 *
 * @param order - a paid one
 */
export function v3Words(order: EmulatorOrder): string {
  if (order.kind === 'basic') return JSON.stringify(basicWords(order));
  return JSON.stringify(order.kind === 'overseas' ? overseasWords(order) : combinedWords(order));
}

function sealed(plain: string, apiV3Key: string, fault: NotificationFault | undefined): JsonValue {
  const nonce = randomAlphanumeric(fault === 'shortNonce' ? 11 : 12);
  const key = fault === 'wrongApiV3Key' ? randomAlphanumeric(32) : apiV3Key;
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce), { authTagLength: 16 });
  cipher.setAAD(Buffer.from(fault === 'wrongAssociatedData' ? 'certificate' : ASSOCIATED_DATA));
  const whole = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const spoilt =
    fault === 'flippedCiphertext' ? flipped(whole, 0) : fault === 'wrongTag' ? flipped(whole, whole.length - 1) : whole;
  return {
    original_type: 'transaction',
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: spoilt.toString('base64'),
    associated_data: ASSOCIATED_DATA,
    nonce,
  };
}

function signAs(fault: NotificationFault | undefined, now: number): SignAs {
  const seconds = Math.floor(now / 1_000);
  if (fault === 'wrongKey') return { privateKey: newRsaKey() };
  if (fault === 'unknownSerial') return { serial: randomSerialNo() };
  if (fault === 'stale') return { timestamp: seconds - WINDOW_SECONDS - 1 };
  return fault === 'future' ? { timestamp: seconds + WINDOW_SECONDS + 1 } : {};
}

function spoilHeader(name: string, value: string, fault: NotificationFault | undefined): [string, string][] {
  if (fault === 'unsigned' && name.startsWith('Wechatpay-')) return [];
  if (name !== 'Wechatpay-Signature') return [[name, value]];
  if (fault === 'signTest') return [[name, `WECHATPAY/SIGNTEST/${value.slice(19)}`]];
  return [[name, fault === 'wrongSignature' ? flipped(Buffer.from(value, 'base64'), 9).toString('base64') : value]];
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function same<T>(value: T): T {
  return value;
}
