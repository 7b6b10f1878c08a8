import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { AttemptFault } from '../answers/attempt-fault.js';

/** WeChat Pay closes idle connections after 8 seconds; ours go first. */
const IDLE_MS = 7_000;
const SOCKETS_PER_HOST = 64;

const KEEP_ALIVE = {
  keepAlive: true,
  timeout: IDLE_MS,
  maxSockets: SOCKETS_PER_HOST,
  maxFreeSockets: SOCKETS_PER_HOST,
  scheduling: 'lifo',
} as const;

/** The module's own keep-alive connections. TLS is as strict here as can be, whatever the environment says. */
@Injectable()
export class ConnectionPool implements OnApplicationShutdown {
  readonly #http = new HttpAgent(KEEP_ALIVE);
  readonly #https = new HttpsAgent({ ...KEEP_ALIVE, rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  readonly #running = new Set<ClientRequest>();
  #isClosed = false;

  /**
   * The agent for a URL's scheme.
   *
   * @throws {@link AttemptFault} once the application has shut down
   */
  agentFor(url: URL): HttpAgent | HttpsAgent {
    if (this.#isClosed) throw new AttemptFault('notSent', 'shutdown', 'The application has shut down.');
    return url.protocol === 'https:' ? this.#https : this.#http;
  }

  /** Counts a request among those that a shutdown ends. */
  track(request: ClientRequest): void {
    this.#running.add(request);
    request.once('close', () => this.#running.delete(request));
  }

  /** Whether the application has shut down. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Ends every request and closes every connection. */
  onApplicationShutdown(): void {
    this.#isClosed = true;
    for (const request of this.#running) request.destroy();
    this.#http.destroy();
    this.#https.destroy();
  }
}
