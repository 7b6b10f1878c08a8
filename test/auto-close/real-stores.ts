import { Redis } from 'ioredis';
import pg from 'pg';

/** A server that the tests may use. */
export interface RealStore {
  readonly name: 'Redis' | 'PostgreSQL';
  readonly url: string;
}

const REDIS_URL = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const DATABASE_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

/**
 * Finds the servers that answer, and says which are left out. With `REQUIRE_STORES=1` in the environment, none may be.
 *
 * @throws Error if one does not answer that is required
 */
export async function realStores(): Promise<RealStore[]> {
  const all: (RealStore & { readonly ask: () => Promise<void> })[] = [
    { name: 'Redis', url: REDIS_URL, ask: askRedis },
    { name: 'PostgreSQL', url: DATABASE_URL, ask: askPostgres },
  ];
  const found: RealStore[] = [];
  for (const { name, url, ask } of all) {
    try {
      await ask();
      found.push({ name, url });
    } catch (error) {
      const { host } = new URL(url);
      const problem = `${name} at ${host} does not answer (${String(error)}), so its tests are left out: start it, or set ${name === 'Redis' ? 'REDIS_URL' : 'DATABASE_URL'}.`;
      if (process.env['REQUIRE_STORES'] === '1') throw new Error(problem, { cause: error });
      process.stderr.write(`${problem}\n`);
    }
  }
  return found;
}

async function askRedis(): Promise<void> {
  const client = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } finally {
    client.disconnect();
  }
}

async function askPostgres(): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}
