import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import { until } from './until.js';

const CHANNEL = 'net.server.socket';

/** Watches the sockets that servers of this process accept, whatever server it is. */
export class ServerSockets {
  readonly #open = new Map<Socket, number>();
  readonly #note = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    this.#open.set(socket, socket.localPort ?? 0);
    socket.once('close', () => this.#open.delete(socket));
  };

  constructor() {
    subscribe(CHANNEL, this.#note);
  }

  /** The open ones of the server at a port. */
  at(port: number): Socket[] {
    return [...this.#open].filter(([, at]) => at === port).map(([socket]) => socket);
  }

  /** Ends those at a port, and waits until the clients have noticed, so that none of them is used again. */
  async endAll(port: number): Promise<void> {
    for (const socket of this.at(port)) socket.end();
    await until(() => this.at(port).length === 0);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Stops watching. */
  stop(): void {
    unsubscribe(CHANNEL, this.#note);
  }
}
