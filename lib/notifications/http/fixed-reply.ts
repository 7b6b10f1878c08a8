import type { HttpAdapterHost } from '@nestjs/core';

import type { NotificationReply } from './replies.js';

type HttpAdapter = Pick<HttpAdapterHost['httpAdapter'], 'setHeader' | 'status'>;

/** How to take back what was fixed, by response. */
const fixed = new WeakMap<object, () => void>();

/**
 * Sees to it that a response sends this reply, whatever it is told to send: an interceptor of the whole application may wrap what
 * handlers return, as in `{ code: 0, data }`, or answer their errors with success, and WeChat Pay understands neither. The reply still
 * goes out last, after every interceptor.
 *
 * @param adapter - of the platform
 * @param response - of Express or Fastify, which both answer through `send`
 * @param reply - what it sends
 */
export function fixReply(adapter: HttpAdapter, response: object, reply: NotificationReply): void {
  // An interceptor may have the handler tried again: its last ending counts.
  freeReply(response);
  const send: unknown = Reflect.get(response, 'send');
  if (typeof send !== 'function') return;
  // Others may have put their own `send` there.
  const before = Reflect.getOwnPropertyDescriptor(response, 'send');
  fixed.set(response, () => {
    if (before === undefined) Reflect.deleteProperty(response, 'send');
    else Reflect.defineProperty(response, 'send', before);
  });
  const value = (): unknown => {
    freeReply(response);
    adapter.status(response, reply.status);
    if (reply.contentType !== undefined) adapter.setHeader(response, 'Content-Type', reply.contentType);
    return Reflect.apply(send, response, [reply.body]);
  };
  Reflect.defineProperty(response, 'send', { configurable: true, writable: true, value });
}

/** Lets a response send again what it is told. */
export function freeReply(response: object): void {
  fixed.get(response)?.();
  fixed.delete(response);
}
