import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Redis } from 'ioredis';
import pg from 'pg';

/**
 * A store that the chaos may strike.
 *
 * @typedef {object} ChaosStore
 * @property {string} name
 * @property {object} options what `AutoCloseModule` takes
 * @property {boolean} isReopened whether every process must open it again after the blow
 * @property {() => Promise<void>} strike kills it once, and brings it back
 * @property {() => Promise<number | undefined>} bytes how much it holds
 * @property {() => Promise<void>} remove
 */

const DATABASE_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

/** A SQLite file. Nobody can kill it, so all who use it are killed at once. @param {number} lockMs @returns {Promise<ChaosStore>} */
export async function sqliteStore(lockMs) {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-sqlite-'));
  const file = join(folder, 'closes.db');
  return {
    name: 'SQLite',
    options: { kind: 'sqlite', file, leaseMs: lockMs, pollMs: 50 },
    isReopened: true,
    strike: async () => {},
    bytes: async () => {
      const { stat } = await import('node:fs/promises');
      return (
        (await stat(file)).size +
        (await stat(`${file}-wal`).then(
          ({ size }) => size,
          () => 0,
        ))
      );
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A Redis of its own, with an append-only file, which is killed with `kill -9`. @param {number} lockMs @returns {Promise<ChaosStore>} */
export async function redisStore(lockMs) {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const start = async () => {
    const server = spawn(
      'redis-server',
      ['--port', String(port), '--dir', folder, '--appendonly', 'yes', '--save', ''],
      {
        stdio: 'ignore',
      },
    );
    await once(server, 'spawn');
    const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => {});
    await client.ping();
    client.disconnect();
    return server;
  };
  let server = await start();
  const kill = async () => {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return {
    name: 'Redis',
    options: { kind: 'bullmq', url, lockMs, stalledMs: lockMs },
    isReopened: false,
    strike: async () => {
      await kill();
      await pause(500);
      server = await start();
    },
    bytes: async () => {
      const client = new Redis(url);
      const [, used] = /^used_memory:(\d+)/m.exec(await client.info('memory')) ?? [];
      client.disconnect();
      return Number(used);
    },
    remove: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A database of its own in PostgreSQL, all of whose connections are terminated. @param {number} lockMs @returns {Promise<ChaosStore>} */
export async function postgresStore(lockMs) {
  const name = `chaos_${process.pid}_${Date.now()}`;
  const url = new URL(DATABASE_URL);
  url.pathname = `/${name}`;
  /** @type {(sql: string) => Promise<{ rows: Record<string, unknown>[] }>} */
  const ask = async (sql) => {
    const client = new pg.Client({ connectionString: DATABASE_URL });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await ask(`CREATE DATABASE ${name}`);
  const terminate = async () => {
    await ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  };
  return {
    name: 'PostgreSQL',
    options: { kind: 'bullmq', url: url.href, lockMs, stalledMs: lockMs },
    isReopened: false,
    strike: terminate,
    bytes: async () => Number((await ask(`SELECT pg_database_size('${name}') AS bytes`)).rows[0]?.['bytes']),
    remove: async () => {
      await terminate();
      await ask(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Every store, by its name on the command line. */
export const STORES = { sqlite: sqliteStore, redis: redisStore, postgres: postgresStore };

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
