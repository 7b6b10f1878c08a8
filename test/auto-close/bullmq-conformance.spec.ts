import { afterAll, describe, jest } from '@jest/globals';

import { bullmqHarness, harnessOf } from './bullmq-harness.js';
import { describeCloseScheduler } from './conformance.js';
import { PglitePool } from './pglite-pool.js';
import { realStores } from './real-stores.js';

jest.setTimeout(60_000);

for (const store of await realStores()) describeCloseScheduler(`BullMQ on ${store.name}`, () => bullmqHarness(store));

describe('without a server', () => {
  // It takes seconds to start, so one serves all tests, each of which finds its tables missing.
  const pool = new PglitePool();
  afterAll(() => pool.end());

  describeCloseScheduler('BullMQ on PostgreSQL in this process', async () => {
    await pool.query('SET search_path TO bullmq, public');
    return harnessOf({ kind: 'bullmq', connection: { postgres: pool } }, async () => {
      await pool.query('DROP SCHEMA IF EXISTS bullmq CASCADE');
    });
  });
});
