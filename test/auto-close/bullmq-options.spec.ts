import { describe, expect, it } from '@jest/globals';

import type { AutoCloseModuleOptions } from '../../lib/auto-close/auto-close.options.js';
import { readSettings } from '../../lib/auto-close/configuration/read-settings.js';
import { postgresDangers } from '../../lib/auto-close/stores/bullmq/postgres-dangers.js';
import { redisDangers } from '../../lib/auto-close/stores/bullmq/redis-dangers.js';

const check = (store: object) => () => readSettings({ store } as AutoCloseModuleOptions);
const bullmq = (rest: object) => check({ kind: 'bullmq', ...rest });

describe('The options of a store on BullMQ', () => {
  it.each([
    { url: 'redis://127.0.0.1:6379' },
    { url: 'rediss://user:word@redis.example/2', prefix: '{shop}' },
    { url: 'postgres://user@127.0.0.1/shop', prefix: 'shop_1', migrate: false, lockMs: 60_000, stalledMs: 30_000 },
    { connection: { redis: { sentinels: [{ host: '127.0.0.1', port: 26379 }], name: 'main' } } },
    { connection: { postgres: { host: '127.0.0.1' } } },
  ])('may be %j', (options) => {
    expect(bullmq(options)).not.toThrow();
  });

  it.each([
    [{}, /store names no server/],
    [{ url: 'mysql://127.0.0.1' }, /store names no server/],
    [{ url: 'secret-word' }, /store names no server/],
    [{ url: 7 }, /store names no server/],
    [{ url: 'redis://a', connection: { redis: {} } }, /store names no server/],
    [{ connection: { redis: {}, postgres: {} } }, /store names no server/],
    [{ connection: { redis: 'redis://a' } }, /store names no server/],
    [{ connection: { mysql: {} } }, /store names no server/],
    [{ url: 'redis://a', prefix: 'a:b' }, /store\.prefix is not made of/],
    [{ url: 'postgres://a', prefix: 'Shop' }, /store\.prefix is not a name of a schema/],
    [{ url: 'redis://a', migrate: 'yes' }, /store\.migrate is/],
    [{ url: 'redis://a', lockMs: 10 }, /store\.lockMs is not a whole number/],
    [{ url: 'redis://a', poolSize: 10 }, /poolSize/],
  ])('may not be %j', (options, problem) => {
    expect(bullmq(options)).toThrow(problem);
  });

  it('are never repeated in a message, as they may hold a password', () => {
    expect(bullmq({ url: 'http://user:secret-word@127.0.0.1' })).toThrow(/^(?!.*secret-word)/s);
  });
});

describe('A warning', () => {
  const info = (aof: string, policy: string) => `# Persistence\r\naof_enabled:${aof}\r\nmaxmemory_policy:${policy}\r\n`;

  it('names what a Redis server lacks, and nothing of one that is set up well', () => {
    expect(redisDangers(info('1', 'noeviction'), 'Redis at a')).toEqual([]);
    expect(redisDangers(info('0', 'noeviction'), 'Redis at a')).toEqual([
      expect.stringMatching(/^Redis at a has appendonly off.*set "appendonly yes"/),
    ]);
    expect(redisDangers(info('1', 'allkeys-lru'), 'Redis at a')).toEqual([
      expect.stringMatching(/^Redis at a has maxmemory-policy allkeys-lru.*noeviction/),
    ]);
    expect(redisDangers('', 'Redis at a')).toHaveLength(2);
  });

  it('names what a PostgreSQL server lacks', async () => {
    const asked = (settings: Record<string, string>) =>
      postgresDangers((name) => Promise.resolve(settings[name]), 'PostgreSQL at a');
    expect(await asked({ fsync: 'on', synchronous_commit: 'on' })).toEqual([]);
    expect(await asked({ fsync: 'off', synchronous_commit: 'off' })).toEqual([
      expect.stringMatching(/fsync off, so a power cut/),
      expect.stringMatching(/synchronous_commit off, so a crash/),
    ]);
  });
});
