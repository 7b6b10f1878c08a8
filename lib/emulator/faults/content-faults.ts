import { gzipSync } from 'node:zlib';

import { signatureOf } from '../signing/signature-of.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';

import type { HeaderFault, OversizeFault } from './fault.js';

/**
 * Spoils a header of a reply.
 *
 * @param fault - which one, and how
 * @param reply - the reply
 */
export function spoilHeader({ name, make }: HeaderFault, reply: EmulatorReply): EmulatorReply {
  const headers = reply.headers.flatMap((header): EmulatorReply['headers'] => {
    if (header[0].toLowerCase() !== name.toLowerCase()) return [header];
    if (make === 'missing') return [];
    return make === 'empty' ? [[header[0], '']] : [header, header];
  });
  return { ...reply, headers };
}

/**
 * Compresses the body of a reply, if it has one.
 *
 * @param reply - the reply
 */
export function compressed(reply: EmulatorReply): EmulatorReply {
  if (reply.body.length === 0) return reply;
  return { ...reply, headers: [...reply.headers, ['Content-Encoding', 'gzip']], body: gzipSync(reply.body) };
}

/**
 * Fills the body of a reply up with spaces.
 *
 * @param fault - up to which length
 * @param reply - the reply
 * @param sign - signs it anew if it was signed
 */
export function oversized(
  { bytes }: OversizeFault,
  reply: EmulatorReply,
  sign: (reply: EmulatorReply) => EmulatorReply,
): EmulatorReply {
  const spaces = Buffer.alloc(Math.max(0, bytes - reply.body.length), ' ');
  const body = Buffer.concat([reply.body, spaces]);
  const padded = { ...reply, status: reply.status === 204 ? 200 : reply.status, body };
  // The sign of APIv2 covers the fields, which are the same.
  return signatureOf(reply) === 'v3' ? sign(padded) : padded;
}
