import { STATUS_CODES } from 'node:http';

import type { EmulatorReply } from '../wire/emulator-reply.js';

import type { HtmlFault, RedirectFault } from './fault.js';

/**
 * A page as a gateway sends it, in place of a reply.
 *
 * @param fault - status and page
 * @param reply - the reply, whose date is kept
 */
export function htmlReply({ status = 502, page }: HtmlFault, reply: EmulatorReply): EmulatorReply {
  const title = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const html = page ?? `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, headers: [...dateOf(reply), ['Content-Type', 'text/html; charset=utf-8']], body: Buffer.from(html) };
}

/**
 * A redirect in place of a reply.
 *
 * @param fault - status and location
 * @param reply - the reply, whose date is kept
 */
export function redirectReply({ status = 302, location }: RedirectFault, reply: EmulatorReply): EmulatorReply {
  return { status, headers: [...dateOf(reply), ['Location', location]], body: Buffer.alloc(0) };
}

function dateOf({ headers }: EmulatorReply): EmulatorReply['headers'] {
  return headers.filter(([name]) => name.toLowerCase() === 'date');
}
