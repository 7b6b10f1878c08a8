import { constants, generateKeyPairSync, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

import { z } from 'zod';

import type { KmsAccess } from './kms-access.js';

/** What PKCS #1 puts before a SHA-256 digest. */
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const DEADLINE_MS = 2_000;

const signRequest = z.object({ algorithm: z.literal('RSASSA_PKCS1_V1_5_SHA_256'), digest: z.base64().length(44) });

interface KmsKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  /** SPKI PEM. */
  readonly publicKey: string;
}

/**
 * A small KMS for trying things out: it listens on this machine, signs with RSA keys of its own that live as long as it does,
 * and gives none of them away.
 *
 * `POST /keys/:id/sign` with `{ algorithm, digest }`, the digest in base64, is answered with `{ signature }`.
 */
export class StandInKms {
  readonly #server: Server;
  readonly #keys: ReadonlyMap<string, KmsKey>;
  readonly #token = randomBytes(24).toString('hex');
  #url = '';
  #signatures = 0;

  private constructor(mchids: readonly string[]) {
    this.#keys = new Map(mchids.map((mchid) => [mchid, newKey()]));
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        ([status, body]) => send(response, status, body),
        () => send(response, 400, { error: 'bad request' }),
      );
    });
  }

  /**
   * Starts a KMS on a free port.
   *
   * @param mchids - merchants to make a key for
   */
  static async start(mchids: readonly string[]): Promise<StandInKms> {
    const kms = new StandInKms(mchids);
    kms.#server.listen(0, '127.0.0.1');
    await once(kms.#server, 'listening');
    const address = kms.#server.address();
    if (typeof address === 'object' && address !== null) kms.#url = `http://127.0.0.1:${address.port}`;
    return kms;
  }

  /** How to reach it. */
  get access(): KmsAccess {
    const keyIds = new Map(Array.from(this.#keys, ([mchid, { id }]) => [mchid, id]));
    return { url: this.#url, token: this.#token, keyIds, deadlineMs: DEADLINE_MS };
  }

  /** How many signatures it has given. */
  get signatures(): number {
    return this.#signatures;
  }

  /**
   * The public half of a merchant's key: what goes into its API certificate.
   *
   * @param mchid - one of those it was started with
   * @returns SPKI PEM
   */
  publicKeyOf(mchid: string): string {
    const key = this.#keys.get(mchid);
    if (key === undefined) throw new Error(`The KMS has no key of merchant ${mchid}.`);
    return key.publicKey;
  }

  /** Stops listening and cuts all connections. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage): Promise<readonly [status: number, body: object]> {
    if (request.headers.authorization !== `Bearer ${this.#token}`) return [403, { error: 'forbidden' }];
    const key = [...this.#keys.values()].find(({ id }) => request.url === `/keys/${id}/sign`);
    if (request.method !== 'POST' || key === undefined) return [404, { error: 'not found' }];
    const { digest } = signRequest.parse(await json(request));
    const encoded = Buffer.concat([SHA256_PREFIX, Buffer.from(digest, 'base64')]);
    const signature = privateEncrypt({ key: key.privateKey, padding: constants.RSA_PKCS1_PADDING }, encoded);
    this.#signatures += 1;
    return [200, { signature: signature.toString('base64') }];
  }
}

function newKey(): KmsKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { id: randomBytes(8).toString('hex'), privateKey, publicKey: pem };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
