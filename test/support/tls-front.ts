import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';

import { certificate, rsaPair } from './keys.js';

/** A terminator of TLS in front of another server: it passes on what it hears, and back. */
export interface TlsFront {
  /** At the name that its certificate is for; only `localhost` can be found without a proxy's help. */
  readonly origin: string;
  /** PEM; signed by itself, so nobody trusts it who is not told to. */
  readonly certificate: string;
  /** How many times it has heard from a client after the handshake. */
  readonly heard: number;
  close(): Promise<void>;
}

/** Starts one in front of what listens at `url` on this machine. */
export async function openTlsFront(url: string, name = 'localhost'): Promise<TlsFront> {
  const pair = rsaPair();
  const cert = certificate(pair, '01'.repeat(20), name);
  const sockets = new Set<Socket>();
  let heard = 0;
  const server = createServer({ key: pair.privatePem, cert }, (client) => {
    const onward = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => [client, onward].forEach((each) => each.destroy()));
    }
    client.on('data', () => heard++);
    client.pipe(onward);
    onward.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `https://${name}:${(server.address() as AddressInfo).port}`,
    certificate: cert,
    get heard() {
      return heard;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
