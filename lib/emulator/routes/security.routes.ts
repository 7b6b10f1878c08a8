import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';

import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { paramError } from '../answers/refusals.js';
import { headerOf } from '../wire/emulator-request.js';

import type { V3Route } from './route.js';
import type { V3Call } from './v3-call.js';

const echoBody = z.strictObject({
  echo_message: z.string().min(1),
  encrypted_echo_message: z.string().min(1).optional(),
  notify_url: z.url({ protocol: /^https$/ }).optional(),
});

/** Says what it was told; what came encrypted goes back encrypted for the merchant. It notifies nobody. */
function echo(call: V3Call): V3Answer {
  const { echo_message, encrypted_echo_message } = call.body(echoBody);
  const encrypted =
    encrypted_echo_message === undefined ? undefined : forMerchant(call, decrypted(call, encrypted_echo_message));
  return { status: 200, body: { echo_message, encrypted_echo_message: encrypted } };
}

function decrypted({ request, state }: V3Call, message: string): Buffer {
  const { privateKey } = state.certificates.replyKey(headerOf(request, 'wechatpay-serial'));
  try {
    return privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING },
      Buffer.from(message, 'base64'),
    );
  } catch {
    throw paramError('/encrypted_echo_message: it is not encrypted with the key that Wechatpay-Serial names');
  }
}

function forMerchant({ merchant }: V3Call, message: Buffer): string {
  const { publicKey: key } = merchant;
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, message).toString('base64');
}

/** The self-test of protocol §4.6: it proves signing and verification, and harms nothing. */
export const securityRoutes: readonly V3Route[] = [
  { api: 'v3', method: 'POST', path: '/v3/security/echo', handle: echo },
];
