import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createConsumer } from '../consumer.mjs';
import { nodeOf } from '../nodes.mjs';
import { run } from '../processes.mjs';
import { printedConfiguration } from '../readme.mjs';

const SPEC = join(import.meta.dirname, '../app/runners/own-tests.ts');
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  skipLibCheck: true,
  isolatedModules: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  types: ['node'],
};

/**
 * Runs a consumer's own tests, with the configuration that the READMEs print.
 *
 * @param {object} runner
 * @param {string} runner.module - what the tests import
 * @param {readonly string[]} runner.command - a program in `node_modules`, and its arguments
 * @param {string} [runner.configuration] - by its file name in the READMEs
 * @param {Record<string, string>} [runner.files] - the configuration, where the READMEs ask for none
 * @param {string} [runner.nodeOptions]
 * @returns {import('../cell.mjs').Cell['check']}
 */
export function passesTests({ module, command, configuration, files, nodeOptions }) {
  return async (workshop, cell) => {
    const spec = await readFile(SPEC, 'utf8');
    const folder = await createConsumer(workshop, cell, [], {
      'close.spec.ts': spec.replace("'the-runner'", `'${module}'`),
      'tsconfig.json': { compilerOptions: COMPILER_OPTIONS },
      ...files,
      ...(configuration === undefined ? {} : { [configuration]: await printedConfiguration(configuration) }),
    });
    const [program = '', ...args] = command;
    const { stdout, stderr } = await run(
      await nodeOf(workshop, cell.node),
      [join(folder, '../node_modules', program), ...args],
      folder,
      { NO_COLOR: '1', CI: 'true', ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }) },
    );
    assert.match(stdout + stderr, /Tests:? +4 passed/);
  };
}
