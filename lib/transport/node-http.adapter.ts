import { STATUS_CODES } from 'node:http';

import type { AxiosAdapter, AxiosPromise, InternalAxiosRequestConfig } from 'axios';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { AttemptProgress } from './attempt-progress.js';
import type { ConnectionPool } from './connection-pool.js';
import { exchangeOverNode } from './node-exchange.js';
import type { ReplyHeaders } from './reply-headers.js';
import type { WireReply, WireRequest } from './wire.js';

/**
 * An axios adapter for one signed request, so that `HttpService` and its interceptors stay in use while `node:http`
 * carries the bytes. Interceptors may add headers; one that changes what was signed is refused before anything is sent.
 *
 * @param wire - what was signed
 * @param pool - the connections to use
 * @param progress - follows the attempt
 * @param given - aborted when nobody waits for the reply any more; unlike what stands in the config, no interceptor can lose it
 */
export function nodeHttpAdapter(
  wire: WireRequest,
  pool: ConnectionPool,
  progress: AttemptProgress,
  given: AbortSignal,
): AxiosAdapter {
  return async (config): AxiosPromise => {
    progress.begin();
    if (given.aborted) throw new AttemptFault(progress.phase, 'timeout', 'Nobody waits for the reply any more.');
    refuseChanges(wire, config, progress);
    const stopListening: (() => void)[] = [];
    try {
      const { status, headers, body } = await new Promise<WireReply>((heard, failed) => {
        const abort = exchangeOverNode({ ...wire, headers: headersOf(config) }, pool, progress, { heard, failed });
        stopListening.push(...listenForAbort(config, given, abort));
      });
      return { status, statusText: STATUS_CODES[status] ?? '', headers: plainHeaders(headers), data: body, config };
    } finally {
      for (const stop of stopListening) stop();
    }
  };
}

/** Headers that decide what the server takes for the request; Node writes them itself. */
const FRAMING = ['Host', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Expect', 'Upgrade', 'Trailer', 'TE'];

function refuseChanges(wire: WireRequest, config: InternalAxiosRequestConfig, { phase }: AttemptProgress): void {
  const unchanged =
    config.url === wire.origin + wire.target &&
    config.baseURL === undefined &&
    config.params === undefined &&
    config.method?.toUpperCase() === wire.method &&
    (config.data ?? '') === wire.body &&
    Object.entries(wire.headers).every(([name, value]) => config.headers.get(name) === value) &&
    !FRAMING.some((name) => config.headers.has(name));
  if (!unchanged) {
    throw new AttemptFault(
      phase,
      'interceptor',
      'An axios interceptor or default changed the URL, method, body or a header after they were signed.',
    );
  }
}

function headersOf(config: InternalAxiosRequestConfig): Record<string, string> {
  const entries = Object.entries(config.headers.toJSON(true));
  return Object.fromEntries(entries.map(([name, value]) => [name, value]));
}

/** As axios has them: an array where a header came more than once, and none that hides a member of every object. */
function plainHeaders(headers: ReplyHeaders): Record<string, string | string[]> {
  const entries = [...headers].filter(([name]) => !(name in Object.prototype));
  return Object.fromEntries(
    entries.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : [...values]]),
  );
}

function listenForAbort(config: InternalAxiosRequestConfig, given: AbortSignal, abort: () => void): (() => void)[] {
  let listening = true;
  const abortOnce = () => {
    if (listening) abort();
  };
  const { signal, cancelToken } = config;
  given.addEventListener('abort', abortOnce);
  signal?.addEventListener?.('abort', abortOnce);
  void cancelToken?.promise.then(abortOnce);
  if (signal?.aborted === true || cancelToken?.reason !== undefined) abortOnce();
  return [
    () => (listening = false),
    () => given.removeEventListener('abort', abortOnce),
    () => void signal?.removeEventListener?.('abort', abortOnce),
  ];
}
