import { randomSerialNo } from '../keys/random-text.js';
import type { EmulatorExchange } from '../rewrites.js';
import { signatureOf } from '../signing/signature-of.js';
import { unsignV2, unsignV3 } from '../signing/unsign.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';

import type { SignTestFault, StaleFault, UnknownSerialFault, UnsignedFault, WrongSignatureFault } from './fault.js';

/** A fault of the signature. */
export type SignatureFault = UnsignedFault | WrongSignatureFault | SignTestFault | StaleFault | UnknownSerialFault;

const SIGNATURE = 'wechatpay-signature';

/**
 * Spoils the signature of a reply. A reply without one is left alone.
 *
 * @param fault - how
 * @param reply - the reply, signed
 * @param sign - signs it anew
 * @param now - milliseconds since 1970
 */
export function spoilSignature(
  fault: SignatureFault,
  reply: EmulatorReply,
  sign: EmulatorExchange['sign'],
  now: number,
): EmulatorReply {
  const api = signatureOf(reply);
  if (api === undefined) return reply;
  if (api === 'v2') return spoilV2(fault.kind, reply, sign);
  switch (fault.kind) {
    case 'unsigned':
      return unsignV3(reply);
    case 'wrongSignature': {
      const other = sign({ ...reply, body: Buffer.concat([reply.body, Buffer.from(' ')]) });
      return { ...other, body: reply.body };
    }
    case 'signTest':
      return {
        ...reply,
        headers: reply.headers.map(([name, value]) =>
          name.toLowerCase() === SIGNATURE ? [name, `WECHATPAY/SIGNTEST/${value}`] : [name, value],
        ),
      };
    case 'stale':
      return sign(reply, { timestamp: Math.floor(now / 1000) + fault.offsetSeconds });
    case 'unknownSerial':
      return sign(reply, { serial: randomSerialNo() });
  }
}

function spoilV2(kind: SignatureFault['kind'], reply: EmulatorReply, sign: EmulatorExchange['sign']): EmulatorReply {
  if (kind === 'unsigned') return unsignV2(reply);
  return kind === 'wrongSignature' ? sign(reply, { key: 'not the key of the merchant' }) : reply;
}
