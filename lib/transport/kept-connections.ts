import type { Agent, ClientRequest } from 'node:http';
import { Socket } from 'node:net';

/** Where Node keeps the request that a connection carries or has carried. */
const CARRIED = '_httpMessage';

/**
 * Hands a peer's connections from one request to the next. Node's agent does so, too, but it copies the options of every request, names
 * the peer by a text of them and looks it up in several tables, which takes a seventh of what a request costs. Here the agent opens
 * connections, counts them and lets requests wait, as ever; only the two steps that every request takes are shorter.
 *
 * An agent that is not built as expected, in a version of Node to come or where something has put its own in its place, is left as it is.
 */
export class KeptConnections {
  /** The one used last at the end: it is the least likely to be dead. */
  readonly #idle: Socket[] = [];
  readonly #known = new WeakSet<Socket>();

  /**
   * @param agent - of this peer alone
   * @param mayKeep - whether a connection that has carried a reply may carry another request; it limits how long it is kept
   */
  constructor(
    private readonly agent: Agent,
    private readonly mayKeep: (socket: Socket) => boolean,
  ) {
    const add: unknown = Reflect.get(agent, 'addRequest');
    const [free, ...others] = agent.listeners('free');
    if (typeof add !== 'function' || free === undefined || others.length > 0) return;
    Reflect.set(agent, 'addRequest', (request: ClientRequest, ...details: unknown[]) => {
      const socket = this.#take();
      if (socket === undefined) Reflect.apply(add, agent, [request, ...details]);
      else reuse(socket, request);
    });
    agent.removeAllListeners('free');
    agent.on('free', (socket: unknown, details: unknown) => {
      if (!this.#keeps(socket)) Reflect.apply(free, agent, [socket, details]);
    });
  }

  /** Closes them all. */
  drop(): void {
    for (const socket of this.#idle.splice(0)) socket.destroy();
  }

  /** One that has ended stays among them until it says so. */
  #take(): Socket | undefined {
    let socket = this.#idle.pop();
    while (socket !== undefined && (socket.destroyed || !socket.writable)) socket = this.#idle.pop();
    return socket;
  }

  /**
   * One for which a request waits, or that is one too many, is left to the agent, and so is one that was opened for a request
   * which ended before it began.
   */
  #keeps(socket: unknown): boolean {
    if (!(socket instanceof Socket) || !socket.writable) return false;
    if (isAwaited(this.agent) || hasTooMany(this.agent)) return false;
    if (typeof Reflect.get(socket, CARRIED) !== 'object' || Reflect.get(socket, CARRIED) === null) return false;
    if (!this.mayKeep(socket)) return false;
    // As the agent does: it would keep the last request and its reply alive.
    Reflect.set(socket, CARRIED, null);
    if (!this.#known.has(socket)) this.#watch(socket);
    this.#idle.push(socket);
    return true;
  }

  #watch(socket: Socket): void {
    this.#known.add(socket);
    // It closes by itself, and while it is idle nobody else listens.
    socket.on('error', () => {});
    socket.on('timeout', () => {
      if (this.#idle.includes(socket)) socket.destroy();
    });
    socket.on('close', () => {
      const at = this.#idle.indexOf(socket);
      if (at >= 0) this.#idle.splice(at, 1);
    });
  }
}

function reuse(socket: Socket, request: ClientRequest): void {
  request.reusedSocket = true;
  socket.ref();
  request.onSocket(socket);
}

function isAwaited({ requests }: Agent): boolean {
  for (const peer in requests) return requests[peer] !== undefined;
  return false;
}

/** It does not count those that take time to make, such as tunnels, before they stand. */
function hasTooMany({ sockets, maxSockets }: Agent): boolean {
  let count = 0;
  for (const peer in sockets) count += sockets[peer]?.length ?? 0;
  return count > maxSockets;
}
