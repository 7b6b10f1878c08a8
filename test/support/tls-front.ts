import { request as httpRequest } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { certificate, rsaPair } from './keys.js';

/** A terminator of TLS in front of the emulator: it passes on what it hears, and back. */
export interface TlsFront {
  /** On `localhost`. */
  readonly origin: string;
  /** PEM; signed by itself, so nobody trusts it who is not told to. */
  readonly certificate: string;
  /** How many requests it has heard. */
  readonly heard: number;
  close(): Promise<void>;
}

/** Starts one in front of what listens at `url`. */
export async function openTlsFront(url: string): Promise<TlsFront> {
  const pair = rsaPair();
  const cert = certificate(pair, '01'.repeat(20), 'localhost');
  let heard = 0;
  const server = createServer({ key: pair.privatePem, cert }, (request, response) => {
    heard++;
    const { hostname, port } = new URL(url);
    const { method, url: path, headers } = request;
    const onward = httpRequest({ hostname, port, method, path, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 0, reply.rawHeaders);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificate: cert,
    get heard() {
      return heard;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
