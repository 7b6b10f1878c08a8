import { afterAll, it, jest } from '@jest/globals';

import { harnessOf } from './bullmq-harness.js';
import { describeCloseScheduler } from './conformance.js';
import { PglitePool } from './pglite-pool.js';
import { realStores } from './real-stores.js';

jest.setTimeout(60_000);

const hasServer = (await realStores()).some(({ name }) => name === 'PostgreSQL');
if (hasServer && process.env['PGLITE'] !== '1') {
  it.todo('is tried where no PostgreSQL answers, or with PGLITE=1');
} else {
  // It takes seconds to start, so one serves all tests, each of which finds its tables missing.
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
}
