import { fileURLToPath } from 'node:url';

import { expect, it } from '@jest/globals';

import { runCommand } from '../support/run-command.js';

const PROOF = fileURLToPath(new URL('../bulk/proof.mjs', import.meta.url));

it('none of 3,000 orders is forgotten or closed again when the command is killed half-way', async () => {
  const run = await runCommand(process.cwd(), ['--orders', '3000'], undefined, PROOF);
  expect(run).toEqual({ exitCode: 0, stdout: expect.stringContaining('what did not hold: 0'), stderr: '' });
}, 300_000);
