import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

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

  /** The agent for a URL's scheme. */
  agentFor(url: URL): HttpAgent | HttpsAgent {
    return url.protocol === 'https:' ? this.#https : this.#http;
  }

  /** Closes every connection, idle or not. */
  onApplicationShutdown(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
