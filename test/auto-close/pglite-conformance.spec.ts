import { afterAll, jest } from '@jest/globals';

import { describeCloseScheduler } from './conformance.js';
import { harnessOf } from './bullmq-harness.js';
import { PglitePool } from './pglite-pool.js';

jest.setTimeout(60_000);

// It takes seconds to start, so one serves all tests, each of which finds its tables empty.
const pool = new PglitePool();
await pool.query('SET search_path TO bullmq, public');
afterAll(() => pool.end());

describeCloseScheduler('BullMQ on PostgreSQL in this process', () =>
  Promise.resolve(
    harnessOf({ kind: 'bullmq', connection: { postgres: pool } }, async () => {
      await pool.query('DROP SCHEMA bullmq CASCADE');
    }),
  ),
);
