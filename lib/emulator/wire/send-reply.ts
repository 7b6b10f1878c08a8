import type { ServerResponse } from 'node:http';

import type { EmulatorReply } from './emulator-reply.js';
import { sentHeaders } from './reply-bytes.js';

/**
 * Sends a reply to the letter. Only a missing `Content-Length` is added, where the status allows a body.
 *
 * @param response - where to; nothing happens if it is gone
 * @param reply - the reply
 * @throws Error if a header cannot be sent
 */
export function sendReply(response: ServerResponse, reply: EmulatorReply): void {
  if (response.destroyed || response.headersSent) return;
  response.sendDate = false;
  response.writeHead(reply.status, sentHeaders(reply).flat());
  response.end(reply.body);
}
