import type { Doubt, DoubtReason } from '../answers/doubt.js';
import { soleHeader, type WireReply } from '../transport/wire.js';
import { CLOCK_WINDOW_SECONDS } from '../wechat-pay.constants.js';
import { replyMessage } from './reply-message.js';

/** The four headers that carry an APIv3 reply's signature. */
const SIGNATURE_HEADERS = [
  'wechatpay-timestamp',
  'wechatpay-nonce',
  'wechatpay-signature',
  'wechatpay-serial',
] as const;

const NOT_VISIBLE_ASCII = /[^!-~]/;
const LONGEST = 1_024;
const UNIX_SECONDS = /^\d{10}$/;

/** What a signature may stand on: a reply, or a notification. */
export type SignedWords = Pick<WireReply, 'headers' | 'body'>;

/** A reply that claims a signature which can be checked. */
export interface SignedReply {
  readonly kind: 'signed';
  /** What the signature must cover. */
  readonly message: Uint8Array;
  /** Base64. */
  readonly signature: string;
  /** Names the key. */
  readonly serial: string;
  /** Never the same twice. */
  readonly nonce: string;
}

/** A reply that claims none, or none that could be right. */
export interface UnsignedReply {
  readonly kind: 'doubt';
  readonly doubt: Doubt;
}

/**
 * Reads the signature of an APIv3 reply or notification: the four headers once each and not empty, of the scheme that we speak, and its
 * time within 300 seconds of ours, both ways.
 *
 * @param reply - as it came
 * @param scheme - the merchant's
 * @param now - our time, in milliseconds
 * @returns what to verify, or why there is nothing to verify
 * @see protocol: APIv3 response verification
 */
export function readSignature(reply: SignedWords, scheme: string, now: number): SignedReply | UnsignedReply {
  const timestamp = soleHeader(reply, 'wechatpay-timestamp');
  const nonce = soleHeader(reply, 'wechatpay-nonce');
  const signature = soleHeader(reply, 'wechatpay-signature');
  const serial = soleHeader(reply, 'wechatpay-serial');
  if (!isVisible(timestamp) || !isVisible(nonce) || !isVisible(signature) || !isVisible(serial)) {
    if (SIGNATURE_HEADERS.every((name) => !reply.headers.has(name))) {
      return doubt('unsigned', 'The reply carries no signature.');
    }
    return doubt('header', 'A signature header of the reply is missing, empty, repeated or malformed.');
  }
  const claimed = reply.headers.get('wechatpay-signature-type');
  if (claimed !== undefined && (claimed.length !== 1 || claimed[0] !== scheme)) {
    return doubt('signature', `The reply is not signed in the scheme ${scheme}.`);
  }
  const skew = UNIX_SECONDS.test(timestamp) ? Math.abs(Number(timestamp) - Math.floor(now / 1_000)) : Infinity;
  // Written so that a skew that is no number fails.
  if (!(skew <= CLOCK_WINDOW_SECONDS)) {
    return doubt(
      'time',
      `The reply was signed more than ${CLOCK_WINDOW_SECONDS} s before or after this machine's time.`,
    );
  }
  return { kind: 'signed', message: replyMessage(timestamp, nonce, reply.body), signature, serial, nonce };
}

function isVisible(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value.length <= LONGEST && !NOT_VISIBLE_ASCII.test(value);
}

function doubt(reason: DoubtReason, explanation: string): UnsignedReply {
  return { kind: 'doubt', doubt: { phase: 'verify', reason, explanation } };
}
