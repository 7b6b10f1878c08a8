import { type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

import type { DoubtReason } from '../answers/doubt.js';
import { REPLY_BYTE_LIMIT } from '../wechat-pay.constants.js';
import type { AttemptProgress } from './attempt-progress.js';
import type { ConnectionPool } from './connection-pool.js';
import { AttemptFault } from '../answers/attempt-fault.js';

const CONNECT_FAULTS = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);
const DEAD_SOCKET = new Set(['ECONNRESET', 'EPIPE']);
const TLS_FAULT = /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|EPROTO)/;

/** What one exchange over `node:http` needs. */
export interface NodeExchange {
  readonly url: URL;
  readonly method: string;
  /** Sent as it stands; not taken from `url`, so that nothing normalizes it. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly pool: ConnectionPool;
  readonly progress: AttemptProgress;
  /** Called with a function that ends the exchange at once and closes its socket. */
  readonly onAbortable: (abort: () => void) => void;
}

/** A reply as `node:http` gave it. */
export interface NodeReply {
  readonly status: number;
  readonly statusText: string;
  /** A header that came more than once is an array. */
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

/**
 * Sends one request over `node:http(s)` and reads its whole reply: no redirects, no environment proxy, no decompression,
 * at most 64 KiB of body.
 *
 * @throws {@link AttemptFault} where no whole reply came
 */
export function exchangeOverNode(exchange: NodeExchange): Promise<NodeReply> {
  const { url, method, target, headers, body, pool, progress, onAbortable } = exchange;
  const options: RequestOptions = {
    method,
    headers,
    agent: pool.agentFor(url),
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || undefined,
    path: target,
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(options);
    const fail = (error: unknown) => {
      const fault = pool.isClosed ? shutdownFault(progress) : faultFrom(error, progress, request.reusedSocket);
      if (fault.isStale) pool.dropIdle();
      reject(fault);
    };
    pool.track(url, request);
    onAbortable(() => request.destroy());
    progress.follow(request);
    request.once('error', fail);
    request.once('response', (response) => {
      readBody(response, progress)
        .then((bytes) => resolve(replyFrom(response, bytes)))
        .catch((error: unknown) => {
          request.destroy();
          fail(error);
        });
    });
    request.end(body);
  });
}

async function readBody(response: IncomingMessage, progress: AttemptProgress): Promise<Buffer> {
  const encoding = response.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new AttemptFault('body', 'encoding', 'The reply is compressed, though none was asked for.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > REPLY_BYTE_LIMIT) {
      throw new AttemptFault('body', 'tooLarge', `The reply's body is larger than ${REPLY_BYTE_LIMIT} bytes.`);
    }
    chunks.push(chunk);
  }
  if (!response.complete) throw new AttemptFault(progress.phase, 'reset', 'The reply broke off.');
  return Buffer.concat(chunks);
}

function replyFrom({ statusCode = 0, statusMessage = '', rawHeaders }: IncomingMessage, body: Buffer): NodeReply {
  return { status: statusCode, statusText: statusMessage, headers: headersFrom(rawHeaders), body };
}

/** Node's own `headersDistinct` throws on a header that is named like a member of `Object.prototype`. */
function headersFrom(rawHeaders: readonly string[]): Record<string, string | string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1] ?? '']);
  }
  const entries = [...headers].filter(([name]) => !(name in Object.prototype));
  return Object.fromEntries(entries.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

function faultFrom(error: unknown, progress: AttemptProgress, isReused: boolean): AttemptFault {
  if (error instanceof AttemptFault) return error;
  const code = codeOf(error);
  const { phase } = progress;
  // The server may have closed the connection just before the request came; not one byte of a reply was heard.
  const isStale = isReused && phase === 'sent' && DEAD_SOCKET.has(code);
  return new AttemptFault(phase, reasonOf(code, phase), `The connection failed (${code}).`, isStale);
}

function shutdownFault({ phase }: AttemptProgress): AttemptFault {
  return new AttemptFault(phase, 'shutdown', 'The application was shut down meanwhile.');
}

function codeOf(error: unknown): string {
  // Not `instanceof Error`: under Jest, Node's own errors come from another realm.
  const hasCode = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
  return hasCode ? String(error.code) : 'no code';
}

function reasonOf(code: string, phase: string): DoubtReason {
  if (TLS_FAULT.test(code)) return 'tls';
  if (code.startsWith('HPE_')) return 'protocol';
  return phase === 'notSent' || CONNECT_FAULTS.has(code) ? 'connect' : 'reset';
}
