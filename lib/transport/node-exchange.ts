import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtReason } from '../answers/doubt.js';
import { REPLY_BYTE_LIMIT } from '../wechat-pay.constants.js';
import type { AttemptProgress } from './attempt-progress.js';
import type { ConnectionPool } from './connection-pool.js';
import { RawHeaders, type ReplyHeaders } from './reply-headers.js';
import type { WireReply, WireRequest } from './wire.js';

const CONNECT_FAULTS = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);
const DEAD_SOCKET = new Set(['ECONNRESET', 'EPIPE']);
const TLS_FAULT = /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|EPROTO)/;

/**
 * Sends one request over `node:http(s)` and reads its whole reply: no redirects, no environment proxy, no decompression,
 * at most 64 KiB of body.
 *
 * @param wire - what was signed, and the headers to send
 * @param pool - the connections to use
 * @param progress - follows the attempt
 * @param onAbortable - called with a function that ends the exchange at once and closes its socket; told that nobody wants the reply,
 * it takes that for no sign that connections are dead
 * @throws {@link AttemptFault} where no whole reply came
 */
export function exchangeOverNode(
  wire: WireRequest,
  pool: ConnectionPool,
  progress: AttemptProgress,
  onAbortable: (abort: (isUnwanted?: boolean) => void) => void,
): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    const request = begun(wire, pool, progress);
    let isUnwanted = false;
    let isWhole = false;
    let isHeard = false;
    const fail = (error: unknown) => {
      const fault = pool.isClosed ? shutdownFault(progress) : faultFrom(error, progress, request.reusedSocket);
      if (fault.isStale && !isUnwanted) pool.dropIdle();
      reject(fault);
    };
    onAbortable((unwanted = false) => {
      if (isWhole) return;
      isUnwanted = unwanted;
      request.destroy();
    });
    progress.follow(request);
    request.on('error', fail);
    request.on('close', () => {
      // Node says no more than this where a server switches protocols unasked.
      if (!isHeard) fail(new AttemptFault(progress.phase, 'protocol', 'The connection ended without a reply.'));
    });
    request.on('response', (response) => {
      isHeard = true;
      progress.heard();
      readBody(response, {
        whole: (headers, body) => {
          isWhole = true;
          resolve({ status: response.statusCode ?? 0, headers, body });
        },
        broken: (error) => {
          fail(error);
          request.destroy();
        },
      });
    });
    request.end(wire.body);
  });
}

function begun(wire: WireRequest, pool: ConnectionPool, { phase }: AttemptProgress): ClientRequest {
  try {
    return begin(wire, pool);
  } catch (error) {
    if (codeOf(error) !== 'ERR_UNESCAPED_CHARACTERS') throw error;
    throw new AttemptFault(phase, 'internal', "The variant's path holds characters that must be percent-encoded.");
  }
}

/** The target goes out as it stands; it is not taken from the URL, so that nothing normalizes it. */
function begin(wire: WireRequest, pool: ConnectionPool): ClientRequest {
  const peer = pool.peerOf(wire.origin);
  const options: RequestOptions = {
    method: wire.method,
    // As an object, not as a list: instrumentations of `node:http` copy it as one, and would make headers `0`, `1` … of a list.
    headers: wire.headers,
    agent: pool.agentFor(peer),
    hostname: peer.hostname,
    port: peer.port,
    path: wire.target,
  };
  const request = peer.isSecure ? httpsRequest(options) : httpRequest(options);
  pool.track(peer, request);
  return request;
}

interface Reader {
  readonly whole: (headers: ReplyHeaders, body: Buffer) => void;
  readonly broken: (error: unknown) => void;
}

function readBody(response: IncomingMessage, { whole, broken }: Reader): void {
  const headers = new RawHeaders(response.rawHeaders);
  const chunks: Buffer[] = [];
  let size = 0;
  let isOver = false;
  const fail = (error: unknown) => {
    if (!isOver) broken(error);
    isOver = true;
  };
  const brokeOff = () => fail(new AttemptFault('body', 'reset', 'The reply broke off.'));
  response.on('error', fail);
  if (headers.get('content-encoding')?.some((encoding) => encoding.toLowerCase() !== 'identity') === true) {
    fail(new AttemptFault('body', 'encoding', 'The reply is compressed, though none was asked for.'));
    return;
  }
  response.on('data', (chunk: Buffer) => {
    size += chunk.byteLength;
    chunks.push(chunk);
    if (size <= REPLY_BYTE_LIMIT) return;
    fail(new AttemptFault('body', 'tooLarge', `The reply's body is larger than ${REPLY_BYTE_LIMIT} bytes.`));
  });
  response.on('end', () => {
    if (!response.complete) return brokeOff();
    if (!isOver) whole(headers, Buffer.concat(chunks, size));
    isOver = true;
  });
  response.on('close', () => {
    if (!isOver) brokeOff();
  });
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
