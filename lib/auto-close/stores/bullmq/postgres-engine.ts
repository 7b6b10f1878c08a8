import type { PgPool, PgQueryable } from 'bullmq';
import type * as Pg from 'pg';

import type { BullmqStoreOptions } from './bullmq-store.options.js';
import type { CloseWorker, QueueEngine } from './close-queue.js';
import { loadBullmq, loadPg } from './load-packages.js';
import { postgresDangers } from './postgres-dangers.js';
import { postgresFault } from './postgres-fault.js';
import { nameOf, type Server } from './server-of.js';

/** Whoever schedules must hear soon that the server is gone. */
const FAIL_FAST = { max: 5, connectionTimeoutMillis: 5_000, query_timeout: 10_000, keepAlive: true };
/** Enough for tools that follow the queue; each settlement is repeated among its events. */
const EVENTS_KEPT = 1_000;

/**
 * Opens a queue in PostgreSQL, and makes its tables where they are missing.
 *
 * @param server - which
 * @param options - of the store
 * @param report - told of a server that may lose what it has acknowledged
 * @param onError - told of trouble with a connection
 * @throws {@link CloseStoreError} if it cannot be used, with what to do
 */
export async function openPostgres(
  server: Server,
  { prefix: schema = 'wechatpay', migrate = true }: BullmqStoreOptions,
  report: (problem: string) => void,
  onError: (error: Error) => void,
): Promise<QueueEngine> {
  const { withBackend, createPostgresBackend, runMigrations } = await loadBullmq('pg');
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const name = nameOf(server);
  const ask = async (client: PgQueryable) =>
    postgresDangers(async (setting) => valueOf(await client.query(`SHOW ${setting}`)), name);
  let connection: PgPool | { schema: string; Client: typeof Pg.Client };
  try {
    if (isPool(server.options)) {
      connection = server.options;
      // A connection that the server ends while it is checked out must not end the process.
      connection.on('connect', (client) => void client.on('error', onError));
      const client = await connection.connect();
      try {
        (await ask(client)).forEach(report);
        if (migrate) await runMigrations(client);
      } finally {
        client.release();
      }
    } else {
      const url = server.url === undefined ? {} : { connectionString: server.url };
      const config = { ...FAIL_FAST, ...server.options, ...url, schema };
      const Client = calmClient(await loadPg(), onError);
      connection = { ...config, Client };
      const client = new Client(config);
      await client.connect();
      try {
        (await ask(client)).forEach(report);
      } finally {
        await client.end();
      }
    }
  } catch (error) {
    throw postgresFault(name, error);
  }
  const queue = new Queue<unknown, unknown>('auto-close', {
    connection: isPool(connection) ? connection : { ...connection, migrate },
    streams: { events: { maxLen: EVENTS_KEPT } },
  });
  queue.on('error', onError);
  try {
    await queue.waitUntilReady();
  } catch (error) {
    await queue.close();
    throw postgresFault(name, error);
  }
  return {
    name,
    queue,
    createWorker: (processor, chosen): CloseWorker =>
      new Worker<unknown, unknown>('auto-close', processor, { ...chosen, connection }),
    // BullMQ waits for no connection of its own here.
    abandon: () => {},
    close: () => queue.close(),
  };
}

/**
 * Clients that never end the process. One that loses its server between two statements of a transaction emits an error that
 * neither its pool nor BullMQ listens to.
 */
function calmClient({ Client }: typeof Pg, onError: (error: Error) => void): typeof Pg.Client {
  return class CalmClient extends Client {
    constructor(config?: Pg.ClientConfig | string) {
      super(config);
      this.on('error', onError);
    }
  };
}

function valueOf({ rows: [row] }: { readonly rows: unknown[] }): string | undefined {
  const values: unknown[] = typeof row === 'object' && row !== null ? Object.values(row) : [];
  return typeof values[0] === 'string' ? values[0] : undefined;
}

function isPool(options: object): options is PgPool {
  return ['connect', 'query', 'end'].every(
    (name) => name in options && typeof Reflect.get(options, name) === 'function',
  );
}
