import { afterAll, beforeAll, jest } from '@jest/globals';

import { harnessOf } from './bullmq-harness.js';
import { describeCloseScheduler } from './conformance.js';
import { PglitePool } from './pglite-pool.js';

jest.setTimeout(60_000);

// It takes seconds to start and blocks this process meanwhile, so it has a file to itself and one serves all tests, each of which
// finds its tables missing.
let pool: PglitePool;
beforeAll(async () => {
  pool = new PglitePool();
  await pool.query('SET search_path TO bullmq, public');
});
afterAll(() => pool.end());

describeCloseScheduler('BullMQ on PostgreSQL in this process', () =>
  Promise.resolve(
    harnessOf({ kind: 'bullmq', connection: { postgres: pool } }, async () => {
      await pool.query('DROP SCHEMA IF EXISTS bullmq CASCADE');
    }),
  ),
);
