import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A forward proxy for CONNECT that a test can make refuse or hang. */
export interface TestProxy {
  readonly origin: string;
  /** What was asked for: `host:port`, and the credentials. */
  readonly asked: { readonly authority: string; readonly authorization: string | undefined }[];
  /** What it answers CONNECT with; 0 to say nothing at all. */
  status: number;
  close(): Promise<void>;
}

/** Starts a proxy. Whatever it is asked to connect to, it finds at the port that was named on this machine. */
export async function openProxy(): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  const asked: TestProxy['asked'] = [];
  const hold = (socket: Socket, other?: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => other?.destroy());
  };
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => hold(socket));
  server.on('connect', ({ url = '', headers }: IncomingMessage, client: Socket) => {
    asked.push({ authority: url, authorization: headers['proxy-authorization'] });
    if (proxy.status === 0) return;
    if (proxy.status !== 200) {
      client.end(`HTTP/1.1 ${proxy.status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(Number(url.split(':')[1]), '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    hold(onward, client);
    hold(client, onward);
    client.pipe(onward);
    onward.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: TestProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    status: 200,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
