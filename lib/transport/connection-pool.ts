import { Agent as HttpAgent, type ClientRequest, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { callbackify } from 'node:util';

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { AttemptFault } from '../answers/attempt-fault.js';
import { Holder } from '../environment/holder.js';
import { Shutdown } from '../environment/shutdown.js';
import { KeptConnections } from './kept-connections.js';
import { type Peer, peerOf } from './peer.js';
import { STRICT_TLS } from './strict-tls.js';
import { TransportSettings } from './transport-settings.js';
import { openTunnel } from './tunnel.js';

/** WeChat Pay closes idle connections after 8 seconds; ours go first. */
const IDLE_MS = 7_000;
/** A server's own time is kept to with so much to spare, as Node does. */
const KEEP_ALIVE_MARGIN_MS = 1_000;
/** When TCP begins to ask whether the other end is still there, as Node has it. */
const PROBE_AFTER_MS = 1_000;
const KEEP_ALIVE_TIMEOUT = /^timeout=(\d+)/;
const SOCKETS_PER_HOST = 64;
/** How many requests may wait for one of these sockets before further ones are refused. */
const QUEUE_PER_HOST = 1_000;

/** Without a `timeout`, for which Node would have every request listen; what is idle is limited by {@link IDLE_MS} all the same. */
const KEEP_ALIVE = { keepAlive: true, maxSockets: SOCKETS_PER_HOST } as const;

/** How connections to one peer are opened, and those that wait for the next request. */
interface Line {
  readonly agent: HttpAgent;
  readonly kept: KeptConnections;
}

/** The module's own keep-alive connections, through the proxy if there is one. */
@Injectable()
export class ConnectionPool implements OnApplicationShutdown {
  readonly #lines = new Map<Peer, Line>();
  /** Requests for a tunnel through the proxy, which have connections of their own. */
  readonly #digging = new Holder<ClientRequest>();
  /** By origin. There are as many as the options name. */
  readonly #peers = new Map<string, Peer>();
  /** How long a server has said that it keeps a connection which is not in use, in milliseconds, where that is less than ours. */
  readonly #hints = new WeakMap<Duplex, number>();
  #isClosed = false;

  constructor(
    @Inject(TransportSettings) private readonly settings: TransportSettings,
    @Inject(Shutdown) private readonly shutdown: Shutdown,
  ) {}

  /**
   * Where requests to an origin go.
   *
   * @param origin - scheme, host and port
   */
  peerOf(origin: string): Peer {
    const known = this.#peers.get(origin);
    if (known !== undefined) return known;
    const peer = peerOf(origin);
    this.#peers.set(origin, peer);
    return peer;
  }

  /**
   * The agent of a peer.
   *
   * @param peer - whom the request goes to
   * @throws {@link AttemptFault} once the application has shut down, or when too many requests wait for the host
   */
  agentFor(peer: Peer): HttpAgent {
    if (this.#isClosed) throw hasShutDown();
    if (peer.underWay >= SOCKETS_PER_HOST + QUEUE_PER_HOST) {
      throw new AttemptFault(
        'notSent',
        'overloaded',
        `${SOCKETS_PER_HOST} requests to this host are under way and ${QUEUE_PER_HOST} wait.`,
      );
    }
    return (this.#lines.get(peer) ?? this.#open(peer)).agent;
  }

  /**
   * Takes note of what a server says of its connection. Node's own agent would do so, too, but for that it sorts every header of
   * every reply.
   *
   * @param socket - the connection
   * @param keepAlive - the reply's `Keep-Alive`, such as `timeout=60`
   */
  heed(socket: Socket, keepAlive: string): void {
    const seconds = Number(KEEP_ALIVE_TIMEOUT.exec(keepAlive)?.[1] ?? Infinity);
    const ms = Math.max(0, seconds * 1_000 - KEEP_ALIVE_MARGIN_MS);
    if (ms < IDLE_MS) this.#hints.set(socket, ms);
  }

  /** Closes the connections that are not in use: where one was dead, the others may be. */
  dropIdle(): void {
    for (const { agent, kept } of this.#lines.values()) {
      kept.drop();
      for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
    }
  }

  /** Whether the application has shut down. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Ends every request and closes every connection, once the calls have ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.shutdown.over();
    this.#isClosed = true;
    for (const request of this.#digging) request.destroy();
    for (const { agent } of this.#lines.values()) {
      for (const waiting of Object.values(agent.requests)) for (const request of waiting ?? []) request.destroy();
      agent.destroy();
    }
  }

  #open(peer: Peer): Line {
    const agent = peer.isSecure ? new HttpsAgent({ ...KEEP_ALIVE, ...STRICT_TLS }) : new HttpAgent(KEEP_ALIVE);
    const mayKeep = (socket: Duplex) => this.#mayKeep(socket);
    agent.keepSocketAlive = mayKeep;
    if (this.settings.proxy !== undefined) this.#digTo(agent, peer, this.settings.proxy);
    const line = { agent, kept: new KeptConnections(agent, mayKeep) };
    this.#lines.set(peer, line);
    return line;
  }

  /** Has an agent's connections go through the proxy. */
  #digTo(agent: HttpAgent, { isSecure }: Peer, proxy: URL): void {
    const { connectMs } = this.settings;
    const track = (request: ClientRequest) => this.#hold(request);
    const dig = callbackify((target: ClientRequestArgs) => openTunnel(target, { proxy, connectMs, isSecure, track }));
    agent.createConnection = (target, done = () => {}) => {
      dig(target, (error, socket) => {
        if (error !== null || !this.#isClosed) return done(error, socket);
        socket.destroy();
        done(hasShutDown(), socket);
      });
      return undefined;
    };
  }

  /** @returns whether it may be used again */
  #mayKeep(socket: Duplex): boolean {
    const ms = this.#hints.get(socket) ?? IDLE_MS;
    if (!(socket instanceof Socket)) return ms > 0;
    socket.setKeepAlive(true, PROBE_AFTER_MS);
    socket.unref();
    if (socket.timeout !== ms) socket.setTimeout(ms);
    return ms > 0;
  }

  #hold(request: ClientRequest): void {
    const place = this.#digging.add(request);
    request.once('close', () => this.#digging.letGo(place));
  }
}

function hasShutDown(): AttemptFault {
  return new AttemptFault('notSent', 'shutdown', 'The application has shut down.');
}
