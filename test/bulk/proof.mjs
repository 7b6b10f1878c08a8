/**
 * Closes many orders with the command, against an emulator that spoils a tenth of its replies: the command is killed half-way,
 * run again, and run until every order has ended. Then the outcomes are held against the emulator's own books, and the requests
 * against what was written down. Exits with 1 where something does not hold.
 *
 * npm run bulk:proof -- --orders 100000
 */
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { parse } from 'csv-parse';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { FAULTS } from './fault-plan.mjs';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '100000' },
    concurrency: { type: 'string', default: '32' },
    rate: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
});
const ORDERS = Number(values.orders);
if (!Number.isSafeInteger(ORDERS) || ORDERS < 100) throw new TypeError('--orders takes a whole number from 100 on');
const COMMAND = fileURLToPath(new URL('../../dist/command-line/command.js', import.meta.url));
const PROBE = fileURLToPath(new URL('heap-probe.mjs', import.meta.url));
const MOST_RUNS = 30;
/** What the heap may grow by: the client remembers up to 100,000 replies, lest one comes twice, and the command nine bytes an order. */
const MOST_GROWTH = 12 * 2 ** 20 + 9 * 2 * ORDERS;

/** @type {string[]} */
const breaches = [];
const hold = (/** @type {boolean} */ isSo, /** @type {string} */ breach) => void (isSo || breaches.push(breach));
const number = (/** @type {number} */ index) => `PROOF${String(index).padStart(10, '0')}`;

const folder = await mkdtemp(join(tmpdir(), 'bulk-proof-'));
const out = join(folder, 'outcomes.csv');
const emulator = await WechatPayEmulator.start();
/** How often each order was closed on the wire while it had no outcome that was written down, and after it had. */
const sent = new Map();
emulator.afterSigning((_reply, { request }) => {
  const [, order] = /out-trade-no\/(\w+)\/close$/.exec(request.url) ?? [];
  if (order !== undefined) sent.set(order, (sent.get(order) ?? 0) + 1);
});
process.stdout.write(
  `${ORDERS} orders, ${values.concurrency} at a time, faults ${FAULTS.reduce((sum, [, share]) => sum + share, 0) * 100} %\n`,
);
try {
  await prepare();
  const began = performance.now();
  const killed = await run({ killAt: Math.floor(ORDERS / 2) });
  hold(killed.signal === 'SIGKILL', `the first run ended by itself: ${killed.stderr}`);
  // As a crash amid a write leaves it.
  const torn = await tear();
  const before = await readOutcomes();
  // What was in the sockets when it was killed.
  await pause(500);
  const sentBefore = new Map(sent);
  process.stdout.write(`killed at ${before.rows} outcomes, ${torn}\n`);
  const marks = [...killed.heap];
  let runs = 1;
  for (let code = 1; code !== 0 && runs < MOST_RUNS; runs++) {
    const ended = await run({});
    code = ended.code ?? -1;
    process.stdout.write(`run ${runs + 1}: exit ${code}\n${ended.stdout}`);
    hold(code === 0 || code === 1, `run ${runs + 1} ended with ${code}: ${ended.stderr}`);
    marks.push(...ended.heap);
    if (runs > 1) continue;
    // Nothing that had ended before the kill is sent again, but for what was cut off amid its close or its row.
    const again = [...sentBefore].filter(([order, count]) => (sent.get(order) ?? 0) > count).map(([order]) => order);
    const cutOff = again.filter((order) => before.last.get(order) === undefined).length;
    for (const order of again) hold(before.last.get(order)?.final !== true, `${order} had ended and was sent again`);
    hold(cutOff <= Number(values.concurrency) + 1, `${cutOff} orders without an outcome had been sent before the kill`);
    process.stdout.write(`sent before the kill and again after it: ${again.length}, of them cut off by it ${cutOff}\n`);
  }
  const { last, rows, perRecord } = await readOutcomes();
  heapHolds(marks, (await stat(out)).size / rows);
  const states = new Map(emulator.orders.map((order) => [order.out_trade_no, order.state]));
  hold(last.size === ORDERS, `${last.size} orders have an outcome, of ${ORDERS}`);
  for (let index = 0; index < ORDERS; index++) {
    const order = number(index);
    const row = last.get(order);
    hold(row?.outcome === 'closed', `${order} came to ${row?.outcome}`);
    hold(states.get(order) === 'CLOSED', `${order} is ${states.get(order)} at the emulator`);
    // Each outcome that was written is at most one close of 3 attempts and 3 rounds; the kill may have cut off one more.
    hold((sent.get(order) ?? 0) <= ((perRecord.get(order) ?? 0) + 1) * 9, `${order} was sent ${sent.get(order)} times`);
  }
  const once = [...sent.values()].filter((count) => count === 1).length;
  const total = [...sent.values()].reduce((sum, count) => sum + count, 0);
  const again = [...last.keys()].filter((order) => (perRecord.get(order) ?? 0) > 1).length;
  const seconds = (performance.now() - began) / 1_000;
  process.stdout.write(
    `${runs} runs, ${seconds.toFixed(0)} s; ${rows} outcomes of ${last.size} orders, ${again} of them tried in more than one run; ` +
      `closes on the wire ${total}, orders sent once ${once}\n`,
  );
} finally {
  await emulator.stop();
  await rm(folder, { recursive: true });
}
process.stdout.write(`what did not hold: ${breaches.length}\n${breaches.slice(0, 20).join('\n')}\n`);
process.exitCode = breaches.length === 0 ? 0 : 1;

async function prepare() {
  const lines = ['out_trade_no'];
  for (let index = 0; index < ORDERS; index++) {
    emulator.place({ out_trade_no: number(index) });
    lines.push(number(index));
  }
  await writeFile(join(folder, 'orders.csv'), `${lines.join('\n')}\n`);
  const options = { ...emulator.options(), retry: { attempts: 3, baseMs: 1, maxMs: 5 } };
  await writeFile(join(folder, 'options.json'), JSON.stringify(options));
  emulator.faults.seed(Number(values.seed));
  for (const [fault, probability] of FAULTS) emulator.faults.add({ ...fault, when: { probability } });
}

/**
 * Runs the command.
 *
 * @param {{ killAt?: number }} plan
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string, heap: { size: number, bytes: number }[] }>}
 */
function run({ killAt }) {
  const args = ['--expose-gc', '--import', PROBE, COMMAND, 'close', '--variant', 'direct', '--from', 'orders.csv'];
  args.push('--out', out, '--config', 'options.json', '--concurrency', values.concurrency, '--rate', values.rate);
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, PROBE_OUT: out, PROBE_STEP: String(ORDERS * 13) },
  });
  /** @type {{ size: number, bytes: number }[]} */
  const heap = [];
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  child.on('message', (message) => heap.push(/** @type {{ size: number, bytes: number }} */ (message)));
  const watch = setInterval(() => {
    if (killAt === undefined) return;
    // A row takes more than 110 bytes, so that this is about when so many have been written.
    void stat(out).then(
      ({ size }) => size > killAt * 125 && child.kill('SIGKILL'),
      () => {},
    );
  }, 20);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(watch);
      resolve({ code, signal, stdout, stderr, heap });
    });
  });
}

/** Cuts the last line in two, unless the kill has done so. */
async function tear() {
  const file = await open(out, 'r+');
  try {
    const { size } = await file.stat();
    await file.truncate(size - 40);
    return 'and its last line cut in two';
  } finally {
    await file.close();
  }
}

/** Every whole row, and the latest of each order. */
async function readOutcomes() {
  /** @type {Map<string, { outcome: string, final: boolean }>} */
  const last = new Map();
  /** @type {Map<string, number>} */
  const perRecord = new Map();
  let rows = 0;
  const parser = parse({ columns: true, relax_column_count: true, relax_quotes: true });
  createReadStream(out).pipe(parser);
  for await (const row of parser) {
    if (row.message === undefined) continue;
    rows++;
    const order = number(Number(row.record) - 1);
    last.set(order, { outcome: row.outcome, final: row.final === 'yes' });
    perRecord.set(order, (perRecord.get(order) ?? 0) + 1);
  }
  return { last, perRecord, rows };
}

/**
 * @param {{ size: number, bytes: number }[]} marks
 * @param {number} bytesARow
 */
function heapHolds(marks, bytesARow) {
  const mib = marks.map(({ size, bytes }) => `${Math.round(size / bytesARow)}: ${(bytes / 2 ** 20).toFixed(1)}`);
  process.stdout.write(`heap in MiB after so many outcomes: ${mib.join(', ')}\n`);
  const [early, late] = [marks[Math.min(1, marks.length - 1)], marks.at(-1)];
  if (early === undefined || late === undefined) return void breaches.push('the heap was not measured');
  hold(late.bytes - early.bytes < MOST_GROWTH, `the heap grew from ${early.bytes} to ${late.bytes} bytes`);
}
