import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A request to the letter: every byte that a client sent. */
export interface RawRequest {
  /** The request line, such as `POST /v3/… HTTP/1.1`. */
  readonly line: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** A server below HTTP: it takes bytes apart itself, so that nothing tidies them up. */
export interface RawServer {
  readonly origin: string;
  readonly requests: RawRequest[];
  close(): Promise<void>;
}

/**
 * Starts one.
 *
 * @param answer - the bytes to answer a request with; the connection is kept
 */
export async function openRawServer(answer: (request: RawRequest) => Buffer | string): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let heard = Buffer.alloc(0);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      for (let found = takeRequest(heard); found !== undefined; found = takeRequest(heard)) {
        heard = Buffer.from(found.rest);
        requests.push(found.request);
        socket.write(answer(found.request));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function takeRequest(bytes: Buffer): { readonly request: RawRequest; readonly rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map(
    lines.map((text): [string, string] => {
      const colon = text.indexOf(':');
      return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()];
    }),
  );
  const from = end + 4;
  const to = from + Number(headers.get('content-length') ?? 0);
  if (bytes.length < to) return undefined;
  return { request: { line, headers, body: bytes.subarray(from, to) }, rest: bytes.subarray(to) };
}
