import assert from 'node:assert/strict';
import { join } from 'node:path';

import { createConsumer } from '../consumer.mjs';
import { nodeOf } from '../nodes.mjs';
import { run } from '../processes.mjs';
import { withServers } from '../servers.mjs';
import { compile } from './compile.mjs';
import { runsTheScenario, scenarioFiles } from './scenario.mjs';

/**
 * Compiles an application that imports every subpath, and runs it. BullMQ is tried with the servers that there are.
 *
 * @param {Record<string, unknown>} options - of the compiler: how modules are written and found
 * @param {string} [compiler] - in `node_modules`; without it the one of this library
 * @returns {import('../cell.mjs').Cell['check']}
 */
export function usesEverySubpath(options, compiler) {
  return async (workshop, cell) => {
    const folder = await createConsumer(workshop, cell, [...scenarioFiles(cell), 'subpaths.ts']);
    await compile(folder, options, compiler && join(folder, '../node_modules', compiler));
    await runsTheScenario(workshop, cell, folder);
    const node = await nodeOf(workshop, cell.node);
    await withServers(async (prefix, urls) => {
      const { stdout } = await run(node, ['subpaths.js', prefix, ...urls], folder);
      assert.deepEqual(JSON.parse(stdout), {
        health: 'ok',
        scheme: 'WECHATPAY2-SM2-WITH-SM3',
        hasCases: true,
        schemas: ['ClosedOrder', 'DirectCloseRequest', 'WechatPayProblem'],
        modules: ['CloseOrderService', 'AutoCloseModule'],
        autoClosed: Object.fromEntries(urls.map((url) => [new URL(url).protocol, ['CLOSED']])),
      });
    });
  };
}
