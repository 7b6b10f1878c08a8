import { STATUS_CODES } from 'node:http';

import type { EmulatorReply } from './emulator-reply.js';

/**
 * The headers that a reply is sent with: a missing `Content-Length` is added, where the status allows a body.
 *
 * @param reply - the reply
 */
export function sentHeaders({ status, headers, body }: EmulatorReply): EmulatorReply['headers'] {
  const hasLength = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  return hasLength || status === 204 ? headers : [...headers, ['Content-Length', String(body.length)]];
}

/**
 * The head of a reply as it goes over the wire, for a connection that closes after it.
 *
 * @param reply - the reply
 * @returns status line, headers and the empty line after them
 */
export function headBytes(reply: EmulatorReply): Buffer {
  const lines = [...sentHeaders(reply), ['Connection', 'close'] as const].map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? 'Unknown'}`;
  return Buffer.from(`${[status, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
}

/**
 * The body of a reply as it goes over the wire: nothing where the status allows none.
 *
 * @param reply - the reply
 */
export function bodyBytes({ status, body }: EmulatorReply): Buffer {
  return status === 204 || status === 304 ? Buffer.alloc(0) : body;
}
