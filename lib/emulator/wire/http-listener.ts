import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { sendReply } from './send-reply.js';
import { sendTransmission } from './send-transmission.js';
import type { Transmission } from './transmission.js';

/** Decides what is sent for a request. */
export type Handler = (incoming: IncomingMessage, response: ServerResponse) => Promise<Transmission>;

/** A plain HTTP server that hands requests to a handler and sends what comes of it. */
export class HttpListener {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Starts to listen.
   *
   * @param host - address
   * @param port - 0 for a free one
   * @param handler - answers requests; what it throws becomes a 500
   * @throws Error of the system if the address cannot be had
   */
  static async start(host: string, port: number, handler: Handler): Promise<HttpListener> {
    const server = createServer((incoming, response) => void serve(incoming, response, handler));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new HttpListener(server);
  }

  /** The origin, such as `http://127.0.0.1:8080`. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The emulator is stopped.');
    return `http://${hostOf(address)}:${address.port}`;
  }

  /** Stops listening and cuts all connections. It may be called more than once. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

async function serve(incoming: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
  try {
    await sendTransmission(response, await handler(incoming, response));
  } catch (error) {
    // A rewrite failed; the test that wrote it learns why from the reply.
    const body = Buffer.from(`The emulator failed: ${error instanceof Error ? error.message : String(error)}`);
    sendReply(response, { status: 500, headers: [['Content-Type', 'text/plain; charset=utf-8']], body });
  }
}

function hostOf({ address, family }: AddressInfo): string {
  return family === 'IPv6' ? `[${address}]` : address;
}
