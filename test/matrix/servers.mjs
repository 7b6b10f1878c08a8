import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';
import pg from 'pg';

/**
 * The servers that auto-close may use here: those that `REDIS_URL` and `DATABASE_URL` name. Each use has a name of its own, and
 * leaves nothing behind.
 *
 * @template T
 * @param {(prefix: string, urls: string[]) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withServers(use) {
  const { REDIS_URL, DATABASE_URL } = process.env;
  const prefix = `matrix_${randomBytes(6).toString('hex')}`;
  try {
    return await use(
      prefix,
      [REDIS_URL, DATABASE_URL].filter((url) => url !== undefined),
    );
  } finally {
    if (REDIS_URL !== undefined) await dropKeys(REDIS_URL, prefix);
    if (DATABASE_URL !== undefined) await dropSchema(DATABASE_URL, prefix);
  }
}

async function dropKeys(/** @type {string} */ url, /** @type {string} */ prefix) {
  const client = new Redis(url);
  const keys = await client.keys(`${prefix}:*`);
  if (keys.length > 0) await client.del(keys);
  client.disconnect();
}

async function dropSchema(/** @type {string} */ url, /** @type {string} */ schema) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await client.end();
}
