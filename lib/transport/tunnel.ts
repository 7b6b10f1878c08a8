import { type ClientRequest, type ClientRequestArgs, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';

import { AttemptFault } from '../answers/attempt-fault.js';
import { STRICT_TLS } from './strict-tls.js';

/** What a tunnel is dug with. */
export interface TunnelOptions {
  readonly proxy: URL;
  /** Wall-clock limit until the tunnel stands, in milliseconds. */
  readonly connectMs: number;
  /** Whether the far end speaks TLS. */
  readonly isSecure: boolean;
  /** Called with the request to the proxy, so that a shutdown can end it. */
  readonly track: (request: ClientRequest) => void;
}

/**
 * Connects to a host through a proxy: CONNECT, then TLS from end to end, so that the proxy sees a host name alone.
 *
 * @param target - where to, as `http.Agent` gives it
 * @param options - the proxy, and how long it may take
 * @returns a socket that is ready for a request
 * @throws {@link AttemptFault} of phase `notSent`
 * @see RFC 9110 §9.3.6
 */
export async function openTunnel(target: ClientRequestArgs, options: TunnelOptions): Promise<Socket> {
  const deadline = AbortSignal.timeout(options.connectMs);
  const plain = await connectThrough(target, options, deadline);
  return options.isSecure ? secured(plain, target, deadline) : plain;
}

function connectThrough(
  target: ClientRequestArgs,
  { proxy, track }: TunnelOptions,
  deadline: AbortSignal,
): Promise<Socket> {
  const authority = authorityOf(target);
  return new Promise((resolve, reject) => {
    const send = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send({
      ...STRICT_TLS,
      agent: false,
      method: 'CONNECT',
      ...named(withoutBrackets(proxy.hostname)),
      port: proxy.port || undefined,
      path: authority,
      headers: { Host: authority, ...authorization(proxy) },
    });
    const giveUp = () => request.destroy();
    const end = () => deadline.removeEventListener('abort', giveUp);
    deadline.addEventListener('abort', giveUp);
    track(request);
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      end();
      if (statusCode === 200 && head.length === 0) return resolve(socket);
      socket.destroy();
      reject(refusedBy(statusCode));
    });
    request.once('error', (error) => {
      end();
      reject(deadline.aborted ? tooLate() : error);
    });
    request.end();
  });
}

function secured(plain: Socket, target: ClientRequestArgs, deadline: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const name = named(withoutBrackets(target.host ?? ''));
    const socket = tlsConnect({ ...STRICT_TLS, ...name, socket: plain, ALPNProtocols: ['http/1.1'] });
    const giveUp = () => socket.destroy(tooLate());
    if (deadline.aborted) giveUp();
    deadline.addEventListener('abort', giveUp);
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      deadline.removeEventListener('abort', giveUp);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** Whose certificate it must be, in so many words: Node would otherwise take the name from the `Host` header. */
function named(host: string): { host: string; servername: string } {
  return { host, servername: isIP(host) === 0 ? host : '' };
}

function authorityOf({ host, port, defaultPort }: ClientRequestArgs): string {
  const name = withoutBrackets(host ?? '');
  return `${name.includes(':') ? `[${name}]` : name}:${String(port ?? defaultPort ?? '')}`;
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function refusedBy(status: number): AttemptFault {
  return new AttemptFault('notSent', 'proxy', `The proxy refused to connect (HTTP ${status}).`);
}

function tooLate(): AttemptFault {
  return new AttemptFault('notSent', 'timeout', 'The proxy did not connect in time.');
}
