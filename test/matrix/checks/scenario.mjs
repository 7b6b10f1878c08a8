import assert from 'node:assert/strict';

import { createConsumer } from '../consumer.mjs';
import { nodeOf } from '../nodes.mjs';
import { run } from '../processes.mjs';
import { compile } from './compile.mjs';

const FILES = ['main.ts', 'shop.ts', 'over-http.ts', 'outcomes.ts', 'shut-down.ts', 'auto-close.ts'];

/** What the scenario comes to, everywhere. The order of the doubt is closed: only the reply went wrong. */
const EXPECTED = {
  overHttp: { state: 'CLOSED', variant: 'partner', confirmedBy: 'reply' },
  signedByOwnSigner: { state: 'CLOSED', variant: 'v2', signed: 1 },
  paid: 'OrderPaidError',
  unknown: 'OutcomeUnknownError',
  atShutdown: { name: 'OutcomeUnknownError', reason: 'shutdown' },
  autoClosed: ['CLOSED'],
  states: { HTTP001: 'CLOSED', SIGNER001: 'CLOSED', PAID001: 'SUCCESS', UNKNOWN001: 'CLOSED', AUTO001: 'CLOSED' },
};

/** Warnings of Node.js about itself: of its SQLite, and on 22.12 alone of `require` in an application that loads ESM. */
const OF_NODE =
  /^\(node:\d+\) ExperimentalWarning: (?:SQLite .*|CommonJS module .* is loading ES Module .*\nSupport for .*)\n|^\(Use `node --trace-warnings.*\n/gm;

/**
 * Compiles the scenario as the application's owner would, and runs it.
 *
 * @param {import('../workshop.mjs').Workshop} workshop
 * @param {import('../cell.mjs').Cell} cell
 */
export async function closesOrders(workshop, cell) {
  const folder = await createConsumer(workshop, cell, scenarioFiles(cell));
  await compile(folder, { module: 'nodenext' });
  await runsTheScenario(workshop, cell, folder);
}

/**
 * The files of the scenario.
 *
 * @param {import('../cell.mjs').Cell} cell
 */
export function scenarioFiles({ host = 'express' }) {
  return [...FILES, `hosts/${host}/host.ts`];
}

/**
 * Runs what was compiled. It must come to the right end, say nothing else, and end by itself.
 *
 * @param {import('../workshop.mjs').Workshop} workshop
 * @param {import('../cell.mjs').Cell} cell
 * @param {string} folder
 */
export async function runsTheScenario(workshop, { node }, folder) {
  const { stdout, stderr } = await run(await nodeOf(workshop, node), ['main.js'], folder);
  assert.equal(stderr.replaceAll(OF_NODE, ''), '');
  assert.deepEqual(JSON.parse(stdout), EXPECTED);
}
