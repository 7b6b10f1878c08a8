/**
 * The soak: closes many orders at an emulator that spoils a third of its replies, and holds every ending against the
 * emulator's own books. Exits with 1 where an invariant breaks.
 *
 * npm run soak -- --closes 200000 --seed 7 --concurrency 64
 */
import 'reflect-metadata';

import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { NestFactory } from '@nestjs/core';
import { CloseOrderService, WechatPayModule } from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { ReplyMemory } from '../../dist/verifiers/reply-memory.js';
import { LATE_MS } from './faults.mjs';
import { printTable } from './figures.mjs';
import { runProfile } from './run-profile.mjs';

/** @import { Profile } from './run-profile.mjs' */

const { values } = parseArgs({
  options: {
    closes: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    concurrency: { type: 'string', default: '64' },
  },
});
const [closes, seed, concurrency] = [values.closes, values.seed, values.concurrency].map(Number);
if (![closes, seed, concurrency].every(Number.isSafeInteger) || closes < 80 || concurrency < 1)
  throw new TypeError('--closes takes a whole number from 80 on, --concurrency one from 1 on, --seed any');
if (globalThis.gc === undefined) throw new Error('run it by "npm run soak": it needs --expose-gc');

const ATTEMPTS = 3;
/** Where no reply ever comes, the budget must keep retries and queries few. */
const MOST_REQUESTS = 1.5;
/** Memory that a close may keep: what is left of noise over so few closes, and far less than a forgotten object. */
const MOST_BYTES_A_CLOSE = 200;
/** More replies than the module remembers, so that its memory of them is full before the heap is looked at. */
const REMEMBERED = 140_000;

/** @type {string[]} */
const breaches = [];
const report = (/** @type {string} */ breach) => void breaches.push(breach);
process.on('unhandledRejection', (reason) => report(`an unhandled rejection: ${String(reason)}`));
process.on('uncaughtException', (error) => report(`an uncaught exception: ${String(error)}`));

const resources = () => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|Immediate/.test(name));
const before = resources();

const emulator = await WechatPayEmulator.start();
const app = await NestFactory.createApplicationContext(
  WechatPayModule.forRoot({
    ...emulator.options('both'),
    retry: { attempts: ATTEMPTS, baseMs: 1, maxMs: 5 },
    timeouts: { attemptMs: 1_000, totalMs: 5_000 },
  }),
  { logger: false },
);
const service = app.get(CloseOrderService);
const memory = app.get(ReplyMemory, { strict: false });
for (let index = 0; index < REMEMBERED; index++) {
  memory.isFresh('PUB_KEY_ID_'.padEnd(45, '0'), String(index).padStart(32, '0'));
  memory.isFreshUndated('1900000109', String(index).padStart(64, '0'));
}

/** @type {readonly Profile[]} */
const profiles = [
  { name: 'a third of the replies faulty', closes, faults: 1 / 3 },
  { name: 'no faults', closes: Math.ceil(closes / 4), faults: 0 },
  { name: 'every reply dropped', closes: Math.ceil(closes / 20), faults: 1 },
];
process.stdout.write(`${closes} closes, seed ${seed}, ${concurrency} at a time, client and emulator in one process\n`);
for (const profile of profiles) {
  const figures = await runProfile(profile, { service, emulator, seed, concurrency, report });
  const { endings, met, fates, heap, heapPerClose, p50, p99, rate, requestsPerCall, started, settled } = figures;
  printTable(`== ${profile.name}`, [
    ['started / settled', `${started} / ${settled}`],
    ['closes a second', rate.toFixed(0)],
    ['latency p50 / p99', `${p50.toFixed(1)} / ${p99.toFixed(1)} ms`],
    ['requests a call', requestsPerCall.toFixed(3)],
    ['heap at 8 checkpoints', `${heap.map((bytes) => (bytes / 2 ** 20).toFixed(2)).join(' ')} MiB`],
    ['heap a close, last 6', `${heapPerClose.toFixed(1)} bytes`],
  ]);
  printTable('-- endings', endings.rows);
  if (met.sum > 0) printTable(`-- faults met: ${met.sum}`, met.rows);
  if (profile.faults > 0 && profile.faults < 1) printTable('-- what befell the orders', fates.rows);
  // Fewer closes than this say nothing about a slope.
  if (profile.closes >= 5_000 && heapPerClose > MOST_BYTES_A_CLOSE)
    report(`${profile.name}: each close keeps ${heapPerClose.toFixed(0)} bytes of heap`);
  if (profile.faults === 1 && requestsPerCall > MOST_REQUESTS)
    report(`${profile.name}: ${requestsPerCall.toFixed(3)} requests a call, ${MOST_REQUESTS} at most`);
}

await pause(LATE_MS);
const open = resources();
await app.close();
await pause(100);
const afterClose = resources().filter((name) => name !== 'TCPServerWrap');
await emulator.stop();
await pause(100);
const afterStop = resources();
printTable('== resources of the process', [
  ['before', before.join(' ') || 'none'],
  ['before app.close', Object.entries(counted(open)).join(' ') || 'none'],
  ['after app.close', afterClose.join(' ') || 'none'],
  ['after emulator.stop', afterStop.join(' ') || 'none'],
]);
if (afterClose.length > before.length) report(`left open by the application: ${afterClose.join(' ')}`);
if (afterStop.length > before.length) report(`left open by the emulator: ${afterStop.join(' ')}`);

printTable(
  `== invariants that broke: ${breaches.length}`,
  [...breaches.slice(0, 20).entries()].map(([index, text]) => [`${index + 1}.`, text]),
);
process.exitCode = breaches.length === 0 ? 0 : 1;

/** @type {(names: readonly string[]) => Record<string, number>} */
function counted(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
