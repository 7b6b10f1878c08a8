import type { IncomingMessage } from 'node:http';

/** The most bytes of a body that the emulator reads: 64 KiB. */
export const BODY_BYTE_LIMIT = 65_536;

/** What was read of a body, and whether that is all of it. */
export interface ReadBody {
  readonly bytes: Buffer;
  readonly end: 'complete' | 'tooLarge' | 'broken';
}

/**
 * Reads a request's body up to {@link BODY_BYTE_LIMIT}.
 *
 * @param incoming - the request
 */
export async function readBody(incoming: IncomingMessage): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > BODY_BYTE_LIMIT) return { bytes: Buffer.concat(chunks), end: 'tooLarge' };
      chunks.push(chunk);
    }
  } catch {
    return { bytes: Buffer.concat(chunks), end: 'broken' };
  }
  return { bytes: Buffer.concat(chunks), end: incoming.complete ? 'complete' : 'broken' };
}
