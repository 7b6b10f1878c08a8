import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import pg from 'pg';

const DATABASE_URL = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';

/** A SQLite file in a folder of its own. */
async function sqliteStore() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-sqlite-'));
  const file = join(folder, 'closes.db');
  return {
    options: { kind: 'sqlite', file },
    bytes: async () => (await sizeOf(file)) + (await sizeOf(`${file}-wal`)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A Redis server of its own, set up as the README asks for. */
async function redisStore() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const durable = [
    '--appendonly',
    'yes',
    '--appendfsync',
    'everysec',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ];
  const server = spawn('redis-server', ['--port', String(port), '--dir', folder, ...durable], { stdio: 'ignore' });
  await once(server, 'spawn');
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.ping();
  return {
    options: { kind: 'bullmq', url },
    bytes: async () => Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]),
    remove: async () => {
      client.disconnect();
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A schema of its own in PostgreSQL. */
async function postgresStore() {
  const schema = `bench_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  const sizes = `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bytes FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'`;
  return {
    options: { kind: 'bullmq', url: DATABASE_URL, prefix: schema },
    bytes: async () => Number((await client.query(sizes, [schema])).rows[0].bytes),
    remove: async () => {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.end();
    },
  };
}

/** Every store, by its name on the command line. Each has `options`, `bytes()` and `remove()`. */
export const STORES = { sqlite: sqliteStore, redis: redisStore, postgres: postgresStore };

async function sizeOf(path) {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
