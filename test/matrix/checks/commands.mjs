import assert from 'node:assert/strict';
import { join } from 'node:path';

import { createConsumer } from '../consumer.mjs';
import { run } from '../processes.mjs';

const CONFIG = { merchants: [{ mchid: '1900000109', apiV2: { key: '0123456789abcdef0123456789ABCDEF' } }] };

/**
 * Runs the commands that the package brings.
 *
 * @type {import('../cell.mjs').Cell['check']}
 */
export async function hasCommands(workshop, cell) {
  const folder = await createConsumer(workshop, cell, [], { 'config.json': CONFIG });
  const commands = join(folder, '../node_modules/.bin');
  const emulator = await run(join(commands, 'nestjs-wechatpay-emulator'), ['--help'], folder);
  assert.match(emulator.stdout, /--port/);
  const doctor = await run(join(commands, 'nestjs-wechatpay'), ['doctor', '--config', 'config.json'], folder);
  assert.match(doctor.stdout, /Nothing to mend/);
}
