import assert from 'node:assert/strict';

import { createConsumer } from '../consumer.mjs';
import { nodeOf } from '../nodes.mjs';
import { run } from '../processes.mjs';
import { compile } from './compile.mjs';
import { scenarioFiles } from './scenario.mjs';

/**
 * Compiles and runs an application without any optional package. What needs one says which.
 *
 * @type {import('../cell.mjs').Cell['check']}
 */
export async function worksAlone(workshop, cell) {
  const folder = await createConsumer(workshop, cell, [...scenarioFiles(cell), 'alone.ts']);
  await compile(folder, { module: 'nodenext' });
  const { stdout, stderr } = await run(await nodeOf(workshop, cell.node), ['alone.js'], folder);
  assert.equal(stderr, '');
  const { missing, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, { state: 'CLOSED', paid: 'OrderPaidError' });
  assert.match(missing.sm, /needs the package sm-crypto-v2, which is not installed; run: npm i sm-crypto-v2@1$/);
  assert.match(missing.health, /Cannot find (?:package|module) '@nestjs\/terminus'/);
  assert.match(missing.sqlite, /Run: npm i libsql$/);
  assert.match(missing.redis, /Run: npm i bullmq@\S+ ioredis$/);
}
