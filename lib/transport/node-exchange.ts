import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import type { Ear } from '../environment/ear.js';
import { REPLY_BYTE_LIMIT } from '../wechat-pay.constants.js';
import type { AttemptProgress } from './attempt-progress.js';
import type { ConnectionPool } from './connection-pool.js';
import type { Peer } from './peer.js';
import { RawHeaders, type ReplyHeaders } from './reply-headers.js';
import type { WireReply, WireRequest } from './wire.js';

const CONNECT_FAULTS = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);
const DEAD_SOCKET = new Set(['ECONNRESET', 'EPIPE']);
const TLS_FAULT = /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|EPROTO)/;

/** Ends an exchange at once and closes its socket. Told that nobody wants the reply, it takes that for no sign that connections are dead. */
export type Abort = (isUnwanted?: boolean) => void;

/**
 * Sends one request over `node:http(s)` and reads its whole reply: no redirects, no environment proxy, no decompression,
 * at most 64 KiB of body.
 *
 * @param wire - what was signed, and the headers to send
 * @param pool - the connections to use
 * @param progress - follows the attempt
 * @param ear - hears the reply, or an {@link AttemptFault} where no whole one came
 * @returns ends it
 * @throws {@link AttemptFault} where it cannot begin: too many requests wait, the application has shut down, or the path is not encoded
 */
export function exchangeOverNode(
  wire: WireRequest,
  pool: ConnectionPool,
  progress: AttemptProgress,
  ear: Ear<WireReply>,
): Abort {
  const peer = pool.peerOf(wire.origin);
  const exchange = new NodeExchange(begun(wire, peer, pool, progress), peer, pool, progress, ear);
  exchange.send(wire.body);
  return (isUnwanted = false) => exchange.abort(isUnwanted);
}

class NodeExchange {
  #isUnwanted = false;
  #isHeard = false;
  #isOver = false;
  #isClosed = false;
  #headers: ReplyHeaders = NO_HEADERS;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    private readonly request: ClientRequest,
    private readonly peer: Peer,
    private readonly pool: ConnectionPool,
    private readonly progress: AttemptProgress,
    private readonly ear: Ear<WireReply>,
  ) {}

  send(body: string): void {
    const { request } = this;
    this.peer.underWay++;
    this.progress.follow(request);
    request.on('error', (error) => this.#fail(error));
    request.on('close', () => this.#closed());
    request.on('response', (response) => this.#read(response));
    request.end(body);
  }

  abort(isUnwanted: boolean): void {
    if (this.#isOver) return;
    this.#isUnwanted = isUnwanted;
    this.request.destroy();
  }

  #closed(): void {
    // Node may say so more than once of a request whose connection could not be made.
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.peer.underWay--;
    // Node says no more than this where a server switches protocols unasked.
    if (!this.#isHeard) this.#break('protocol', 'The connection ended without a reply.', this.progress.phase);
  }

  #read(response: IncomingMessage): void {
    this.#isHeard = true;
    this.progress.heard();
    this.#headers = new RawHeaders(response.rawHeaders);
    response.on('error', (error) => this.#fail(error));
    const keepAlive = this.#headers.get('keep-alive')?.[0];
    if (keepAlive !== undefined) this.pool.heed(response.socket, keepAlive);
    if (this.#headers.get('content-encoding')?.some((encoding) => encoding.toLowerCase() !== 'identity') === true) {
      this.#break('encoding', 'The reply is compressed, though none was asked for.');
      return;
    }
    response.on('data', (chunk: Buffer) => this.#keep(chunk));
    response.on('end', () => this.#end(response));
    response.on('close', () => this.#break('reset', 'The reply broke off.'));
  }

  #keep(chunk: Buffer): void {
    this.#size += chunk.byteLength;
    this.#chunks.push(chunk);
    if (this.#size <= REPLY_BYTE_LIMIT) return;
    this.#break('tooLarge', `The reply's body is larger than ${REPLY_BYTE_LIMIT} bytes.`);
  }

  #end({ complete, statusCode = 0 }: IncomingMessage): void {
    if (!complete) return this.#break('reset', 'The reply broke off.');
    if (this.#isOver) return;
    this.#isOver = true;
    this.ear.heard({ status: statusCode, headers: this.#headers, body: Buffer.concat(this.#chunks, this.#size) });
  }

  #break(reason: DoubtReason, explanation: string, phase: DoubtPhase = 'body'): void {
    if (!this.#isOver) this.#fail(new AttemptFault(phase, reason, explanation));
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { pool, progress, request } = this;
    const fault = pool.isClosed ? shutdownFault(progress) : faultFrom(error, progress, request.reusedSocket);
    if (fault.isStale && !this.#isUnwanted) pool.dropIdle();
    this.ear.failed(fault);
    request.destroy();
  }
}

const NO_HEADERS = new RawHeaders([]);

function begun(wire: WireRequest, peer: Peer, pool: ConnectionPool, { phase }: AttemptProgress): ClientRequest {
  try {
    return begin(wire, peer, pool);
  } catch (error) {
    if (codeOf(error) !== 'ERR_UNESCAPED_CHARACTERS') throw error;
    throw new AttemptFault(phase, 'internal', "The variant's path holds characters that must be percent-encoded.");
  }
}

/** The target goes out as it stands; it is not taken from the URL, so that nothing normalizes it. */
function begin(wire: WireRequest, peer: Peer, pool: ConnectionPool): ClientRequest {
  const options: RequestOptions = {
    method: wire.method,
    // As an object, not as a list: instrumentations of `node:http` copy it as one, and would make headers `0`, `1` … of a list.
    headers: wire.headers,
    agent: pool.agentFor(peer),
    hostname: peer.hostname,
    port: peer.port,
    path: wire.target,
  };
  return peer.isSecure ? httpsRequest(options) : httpRequest(options);
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
