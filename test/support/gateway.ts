import { request as httpRequest, STATUS_CODES } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

import type { EmulatorReply } from 'nestjs-wechatpay/emulator';

import { sentHeaders } from '../../lib/emulator/wire/reply-bytes.js';

/** A request as it stood on the wire. */
export interface HeardRequest {
  readonly method: string;
  readonly url: string;
  /** Names and values to the letter. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** One request that came through the gateway, and the socket that its reply is written to. */
export interface GatewayExchange {
  readonly request: HeardRequest;
  readonly socket: Socket;
  /** Has the emulator answer the request. */
  readonly forward: () => Promise<EmulatorReply>;
}

/** Decides what bytes the client gets for a request. */
export type GatewayScript = (exchange: GatewayExchange) => unknown;

const END_OF_HEAD = '\r\n\r\n';

/** The bytes of a status line and headers; the connection stays open after the reply. */
export function headOf(reply: EmulatorReply): string {
  const lines = sentHeaders(reply).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? 'Unknown'}\r\n${lines.join('')}\r\n`;
}

/** The bytes of a whole reply. */
export function bytesOf(reply: EmulatorReply): Buffer {
  return Buffer.concat([Buffer.from(headOf(reply), 'latin1'), reply.body]);
}

/**
 * Stands between a shop and the emulator, and writes raw bytes where the emulator, which speaks proper HTTP, cannot: it
 * says what it is told to, or hands requests on. It may speak TLS.
 */
export class Gateway {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Every request that arrived whole. */
  readonly requests: HeardRequest[] = [];
  /** How many connections were opened. */
  connections = 0;
  /** What is done with a close; handed on if there is none. Queries always are. */
  script: GatewayScript | undefined;
  #port = 0;

  private constructor(
    private readonly target: () => string,
    private readonly tls: TlsOptions | undefined,
  ) {
    const serve = (socket: Socket) => this.#serve(socket);
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket.once('close', () => this.#sockets.delete(socket)).on('error', () => {}));
    });
    this.#server.on('tlsClientError', () => {});
  }

  /**
   * Starts a gateway.
   *
   * @param target - the emulator's origin, asked for with each request
   * @param tls - key and certificate, to speak TLS
   */
  static async start(target: () => string, tls?: TlsOptions): Promise<Gateway> {
    const gateway = new Gateway(target, tls);
    await gateway.listen();
    return gateway;
  }

  /** The origin that shops talk to. */
  get url(): string {
    return this.tls === undefined ? `http://127.0.0.1:${this.#port}` : `https://localhost:${this.#port}`;
  }

  /** Listens, on the same port as before. */
  async listen(): Promise<void> {
    const host = this.tls === undefined ? '127.0.0.1' : 'localhost';
    await new Promise<void>((resolve) => this.#server.listen(this.#port, host, resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening and cuts all connections. */
  async leave(): Promise<void> {
    if (!this.#server.listening) return;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Forgets its script and what it heard, and listens. */
  async reset(): Promise<void> {
    this.script = undefined;
    this.requests.length = 0;
    this.connections = 0;
    if (!this.#server.listening) await this.listen();
  }

  #serve(socket: Socket): void {
    let heard = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      const request = requestIn(heard);
      if (request === undefined) return;
      heard = Buffer.alloc(0);
      this.requests.push(request);
      void this.#answer(request, socket);
    });
  }

  async #answer(request: HeardRequest, socket: Socket): Promise<void> {
    const forward = () => this.#forward(request);
    if (this.script !== undefined && /close/.test(request.url)) {
      await this.script({ request, socket, forward });
      return;
    }
    // The emulator may be stopped while it thinks.
    const reply = await forward().catch(() => undefined);
    if (reply === undefined) socket.destroy();
    else socket.write(bytesOf(reply));
  }

  #forward({ method, url, headers, body }: HeardRequest): Promise<EmulatorReply> {
    const { hostname, port } = new URL(this.target());
    return new Promise((resolve, reject) => {
      const onward = httpRequest(
        { hostname, port, method, path: url, headers: headers.flat(), agent: false },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.once('end', () => {
            const pairs = incoming.rawHeaders.flatMap((name, index, all): [string, string][] =>
              index % 2 === 0 && !/^(?:connection|keep-alive|transfer-encoding)$/i.test(name)
                ? [[name, all[index + 1] ?? '']]
                : [],
            );
            resolve({ status: incoming.statusCode ?? 0, headers: pairs, body: Buffer.concat(chunks) });
          });
        },
      );
      onward.once('error', reject).end(body);
    });
  }
}

function requestIn(heard: Buffer): HeardRequest | undefined {
  const end = heard.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const [first = '', ...lines] = heard.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', url = ''] = first.split(' ');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const length = Number(/^content-length:\s*(\d+)/im.exec(lines.join('\n'))?.[1] ?? 0);
  const body = heard.subarray(end + END_OF_HEAD.length);
  return body.length < length ? undefined : { method, url, headers, body };
}
