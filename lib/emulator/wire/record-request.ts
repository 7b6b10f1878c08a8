import type { IncomingMessage, ServerResponse } from 'node:http';

import type { EmulatorRequest, RequestRecord } from './emulator-request.js';
import { isClosedHere } from './send-transmission.js';

/**
 * The head of a request, to the letter.
 *
 * @param incoming - the request
 */
export function headOf(incoming: IncomingMessage): Pick<EmulatorRequest, 'method' | 'url' | 'headers'> {
  const { rawHeaders } = incoming;
  const headers: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return { method: incoming.method ?? '', url: incoming.url ?? '', headers };
}

/**
 * Notes in a record if the client leaves before the reply is out.
 *
 * @param record - where it is noted
 * @param response - what the client waits for
 */
export function watchAbort(record: RequestRecord, response: ServerResponse): void {
  response.once('close', () => {
    if (!response.writableFinished && !isClosedHere(response)) record.aborted = true;
  });
}
