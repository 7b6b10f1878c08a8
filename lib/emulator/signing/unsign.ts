import { decodeXml, encodeXml } from '../../api-v2/xml.codec.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';

const V3_HEADER = /^wechatpay-/i;

/**
 * Takes the signature off an APIv3 reply: every `Wechatpay-*` header.
 *
 * @param reply - the reply
 */
export function unsignV3(reply: EmulatorReply): EmulatorReply {
  return { ...reply, headers: reply.headers.filter(([name]) => !V3_HEADER.test(name)) };
}

/**
 * Takes the `sign` off an APIv2 reply.
 *
 * @param reply - the reply; its body must be XML
 * @throws MalformedXmlError if the body is no message
 */
export function unsignV2(reply: EmulatorReply): EmulatorReply {
  const fields = [...decodeXml(reply.body)].filter(([name]) => name !== 'sign');
  return { ...reply, body: Buffer.from(encodeXml(fields)) };
}
