import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP relay in front of the emulator that a test can make misbehave. */
export interface Relay {
  readonly origin: string;
  /** Connections that it has accepted. */
  readonly accepted: number;
  /** Stops listening; connections that stand stay. */
  stopListening(): void;
  close(): Promise<void>;
}

/**
 * Starts one in front of what listens at `url`.
 *
 * @param url - the emulator's
 * @param onRequest - called with each chunk from the client, which is one request here; `false` cuts the connection instead of
 * passing it on
 */
export async function openRelay(
  url: string,
  onRequest: (nth: number, relay: Relay) => boolean = () => true,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((client) => {
    accepted++;
    let requests = 0;
    const onward = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => [client, onward].forEach((each) => each.destroy()));
    }
    client.on('data', (bytes) => {
      if (onRequest(++requests, relay)) onward.write(bytes);
      else client.resetAndDestroy();
    });
    onward.on('data', (bytes) => client.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relay: Relay = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get accepted() {
      return accepted;
    },
    stopListening: () => void server.close(),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}
