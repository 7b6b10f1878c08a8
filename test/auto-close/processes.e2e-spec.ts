import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { WechatPayModule } from 'nestjs-wechatpay';
import { AutoCloseModule, AutoCloseService } from 'nestjs-wechatpay/auto-close';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { keys } from '../support/test-shop.js';
import { eventually } from './eventually.js';

interface Line {
  readonly handled?: string;
  readonly recorded?: string;
  readonly state: string;
}

interface Worker {
  readonly process: ChildProcess;
  readonly lines: Line[];
  readonly exit: Promise<unknown[]>;
  complaints: string;
}

// They run the built package, as an application does: `npm test` builds it first.
const APP = fileURLToPath(new URL('fixtures/worker-app.mjs', import.meta.url));

let emulator: WechatPayEmulator;
let folder: string;
let file: string;
let workers: Worker[];
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auto-close-processes-'));
  file = join(folder, 'closes.db');
  workers = [];
  // Longer than a busy machine may keep a process waiting.
  leaseMs = 60_000;
});
afterEach(async () => {
  for (const worker of workers) worker.process.kill('SIGKILL');
  await Promise.all(workers.map(({ exit }) => exit));
  emulator.reset();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => emulator.stop());

// node:sqlite warns that it is experimental, and these processes must have nothing to say.
let leaseMs: number;
const store = () => ({ kind: 'sqlite', driver: 'libsql', file, leaseMs, pollMs: 20 }) as const;

async function startWorker(autoClose: object = {}, env: object = {}): Promise<Worker> {
  const child = fork(APP, { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } });
  const worker: Worker = { process: child, lines: [], exit: once(child, 'close'), complaints: '' };
  workers.push(worker);
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) worker.lines.push(JSON.parse(part) as Line);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (worker.complaints += text));
  await once(child, 'message');
  child.send({ options: emulator.options(), autoClose: { store: store(), ...autoClose } });
  return worker;
}

/** Schedules orders from this process, which closes none, and places them. */
async function scheduleAll(numbers: readonly string[], closeAfter: number): Promise<void> {
  const module = await Test.createTestingModule({
    imports: [
      WechatPayModule.forRoot({ ...emulator.options(), isGlobal: true }),
      AutoCloseModule.forRoot({ store: store(), worker: false }),
    ],
  }).compile();
  const app = await module.init();
  for (const out_trade_no of numbers) {
    await app.get(AutoCloseService).schedule({ variant: 'direct', request: { out_trade_no }, closeAfter });
    emulator.place({ out_trade_no });
  }
  await app.close();
}

const numbersOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `PROC${String(index).padStart(6, '0')}`);
const linesOf = (key: 'handled' | 'recorded') =>
  workers.flatMap(({ lines }) => lines.flatMap((line) => line[key] ?? []));

it('two processes on one file close 300 orders, each once', async () => {
  const numbers = numbersOf(300);
  // All three processes open a file that is not there yet.
  await Promise.all([startWorker(), startWorker(), scheduleAll(numbers, 0)]);
  await eventually(() => linesOf('recorded').length >= 300, 60_000);
  expect(linesOf('recorded').sort()).toEqual(numbers);
  expect(linesOf('handled').sort()).toEqual(numbers);
  expect(emulator.orders.filter(({ state }) => state !== 'CLOSED')).toEqual([]);
  for (const worker of workers) {
    expect(worker.lines.length).toBeGreaterThan(0);
    expect(worker.complaints).toBe('');
  }
}, 90_000);

it('another process takes over from one that was killed, when its lease has run out', async () => {
  leaseMs = 1_000;
  const numbers = numbersOf(10);
  await scheduleAll(numbers, 0);
  const first = await startWorker({}, { HANG: '1' });
  await eventually(() => linesOf('handled').length === 10, 30_000);
  first.process.kill('SIGKILL');
  await first.exit;
  const second = await startWorker();
  await eventually(() => second.lines.filter(({ recorded }) => recorded !== undefined).length === 10, 30_000);
  expect(linesOf('recorded').sort()).toEqual(numbers);
}, 90_000);

it('a worker lives until it is told to stop, and ends in order then', async () => {
  await scheduleAll(numbersOf(1), 3_600_000);
  const worker = await startWorker();
  await once(worker.process, 'message');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(worker.process.exitCode).toBeNull();
  worker.process.kill('SIGTERM');
  expect(await worker.exit).toEqual([null, 'SIGTERM']);
  expect(worker.complaints).toBe('');
}, 60_000);

it('a process that only schedules ends by itself', async () => {
  const worker = await startWorker({ worker: false });
  expect(await worker.exit).toEqual([0, null]);
  expect(worker.complaints).toBe('');
}, 60_000);
