import type { EmulatorReply } from '../wire/emulator-reply.js';

/**
 * Which API's signature a reply bears.
 *
 * @param reply - the reply
 * @returns nothing if it is not signed
 */
export function signatureOf({ headers, body }: EmulatorReply): 'v2' | 'v3' | undefined {
  if (headers.some(([name]) => name.toLowerCase() === 'wechatpay-signature')) return 'v3';
  return body.subarray(0, 5).toString() === '<xml>' && body.includes('<sign>') ? 'v2' : undefined;
}
