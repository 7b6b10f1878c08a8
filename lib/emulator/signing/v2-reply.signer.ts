import { decodeXml, encodeXml } from '../../api-v2/xml.codec.js';
import type { V2Answer } from '../answers/emulator-answer.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';

import type { SignAs } from './sign-as.js';
import { v2Sign } from './v2-sign.js';
import type { V2SignType } from './v2-sign.js';

/** What an APIv2 reply is signed with: what the request was signed with. */
export interface V2Key {
  readonly key: string;
  readonly signType: V2SignType;
}

/**
 * Writes an APIv2 answer, not yet signed.
 *
 * @param answer - the answer
 * @param now - milliseconds since 1970
 */
export function v2Reply({ fields }: V2Answer, now: number): EmulatorReply {
  return {
    status: 200,
    headers: [
      ['Date', new Date(now).toUTCString()],
      ['Content-Type', 'text/xml; charset=utf-8'],
    ],
    body: Buffer.from(encodeXml(Object.entries(fields))),
  };
}

/**
 * Signs an APIv2 reply, in place of the signature it may have.
 *
 * @param reply - the reply; its body must be XML
 * @param right - the right key and algorithm
 * @param as - what to sign with instead
 * @throws MalformedXmlError if the body is no message
 */
export function signV2(reply: EmulatorReply, right: V2Key, as: SignAs = {}): EmulatorReply {
  const fields = [...decodeXml(reply.body)].filter(([name]) => name !== 'sign');
  const sign = v2Sign(fields, as.key ?? right.key, as.signType ?? right.signType);
  return { ...reply, body: Buffer.from(encodeXml([...fields, ['sign', sign]])) };
}
