import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and can be cut: connections break, and new ones are refused. */
export class CuttableProxy {
  readonly #sockets = new Set<Socket>();
  #server?: Server | undefined;
  #port = 0;

  constructor(private readonly target: URL) {}

  /** The target's URL with this proxy in its place. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  /** How many ends of connections there are. */
  get connections(): number {
    return this.#sockets.size;
  }

  async open(): Promise<void> {
    const port = Number(this.target.port) || (this.target.protocol.startsWith('redis') ? 6379 : 5432);
    const server = createServer((client) => {
      const upstream = connect(port, this.target.hostname);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => {});
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
