import type { ServerResponse } from 'node:http';

import type { EmulatorReply } from './emulator-reply.js';

/**
 * Sends a reply to the letter. Only a missing `Content-Length` is added, where the status allows a body.
 *
 * @param response - where to; nothing happens if it is gone
 * @param reply - the reply
 * @throws Error if a header cannot be sent
 */
export function sendReply(response: ServerResponse, { status, headers, body }: EmulatorReply): void {
  if (response.destroyed || response.headersSent) return;
  response.sendDate = false;
  const hasLength = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const length = hasLength || status === 204 ? [] : ['Content-Length', String(body.length)];
  response.writeHead(status, [...headers.flat(), ...length]);
  response.end(body);
}
