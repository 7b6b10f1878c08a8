import type { ChildProcess } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { runCommand } from '../support/run-command.js';
import { keys } from '../support/test-shop.js';
import { until } from '../support/until.js';

// Each run starts a process, which takes a while on a busy machine.
jest.setTimeout(120_000);
let emulator: WechatPayEmulator;
let folder: string;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys });
});
beforeEach(async () => {
  emulator.reset();
  folder = await mkdtemp(join(tmpdir(), 'close-'));
  const options = { ...emulator.options('both'), retry: { attempts: 1 }, confirm: 'never' };
  await write('options.json', JSON.stringify(options));
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => emulator.stop());

const write = (name: string, content: string) => writeFile(join(folder, name), content);
const number = (index: number) => `CLOSE${String(index).padStart(5, '0')}`;
const orders = (count: number) => Array.from({ length: count }, (_, index) => number(index));
const csv = (count: number) => ['out_trade_no', ...orders(count)].join('\n');
const place = (count: number) => orders(count).forEach((out_trade_no) => emulator.place({ out_trade_no }));
const closes = () => emulator.requests.filter(({ method }) => method === 'POST');
const close = (...args: string[]) => runCommand(folder, command(...args));
const SPEED = ['--config', 'options.json', '--variant', 'direct', '--rate', '10000'];
const FILES = ['--from', 'orders.csv', '--out', 'outcomes.csv'];
const command = (...args: string[]) => ['close', ...SPEED, ...FILES, ...args];

/** Interrupts a command as soon as something is so, and does something once it has said that it heard. */
async function interrupt(child: ChildProcess, when: () => boolean, then: () => void): Promise<void> {
  await until(when, 60_000);
  child.stderr?.once('data', then);
  child.kill('SIGINT');
}

async function outcomes(): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = parse(await readFile(join(folder, 'outcomes.csv')), { columns: true });
  return rows.sort((one, other) => Number(one['record']) - Number(other['record']));
}

describe('nestjs-wechatpay close', () => {
  it('says how it is used', async () => {
    expect(await close('--help')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('--dry-run'),
      stderr: '',
    });
    for (const args of [['--rate', 'x'], ['--confirm', 'maybe'], ['--retry', 'all'], ['--loud'], ['--variant', 'x']]) {
      const run = await close(...args);
      expect([args, run.exitCode]).toEqual([args, 3]);
      expect(run.stderr).toContain('Usage: nestjs-wechatpay close');
    }
    expect(await close('--concurrency', '0')).toMatchObject({ exitCode: 3 });
  });

  it('closes the orders of a CSV file and writes what became of each', async () => {
    place(3);
    emulator.pay(number(1));
    await write('orders.csv', `\uFEFFout_trade_no,mchid\r\n${orders(4).join(',\r\n')},\r\n\r\n?,1900000109\r\n`);
    const run = await close();
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(1);
    expect(run.stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['closed', expect.any(String)],
      ['paid', '1'],
      ...(run.stdout.includes('not_found') ? [['not_found', '1']] : []),
      ['not_sent', '1'],
      ['total', '5'],
      [''],
    ]);
    const rows = await outcomes();
    expect(rows.map(({ record, outcome, final }) => [record, outcome, final]).slice(0, 3)).toEqual([
      ['1', 'closed', 'yes'],
      ['2', 'paid', 'yes'],
      ['3', 'closed', 'yes'],
    ]);
    expect(rows[0]).toMatchObject({
      mchid: '1900000109',
      out_trade_no: number(0),
      confirmed_by: 'reply',
      attempts: '1',
    });
    expect(rows[1]).toMatchObject({ code: 'ORDER_PAID', message: expect.stringContaining('fulfil it or refund it') });
    expect(rows[4]).toMatchObject({ outcome: 'not_sent', out_trade_no: '', attempts: '0' });
  });

  it('takes nested fields as JSON in a column, and as NDJSON', async () => {
    const sub_orders = [{ mchid: '1900000109', sub_mchid: '1230000109', out_trade_no: 'PART000001' }];
    const combine_appid = 'wx8888888888888888';
    for (const [index, name] of ['orders.csv', 'orders.ndjson'].entries()) {
      const combine_out_trade_no = `COMBINE${index}`;
      const parts = sub_orders.map((part) => ({ ...part, out_trade_no: `${part.out_trade_no}${index}` }));
      const request = { combine_out_trade_no, combine_appid, sub_orders: parts };
      emulator.place({ kind: 'combine', ...request });
      const cell = JSON.stringify(parts).replaceAll('"', '""');
      const text = name.endsWith('.csv')
        ? `combine_out_trade_no,combine_appid,sub_orders\n${combine_out_trade_no},${combine_appid},"${cell}"\n`
        : `\uFEFF${JSON.stringify(request)}\n\n`;
      await write(name, text);
      const out = `${name}.out.csv`;
      const run = await close('--variant', 'combine', '--from', name, '--out', out);
      expect([run.exitCode, run.stderr]).toEqual([0, '']);
    }
    expect(emulator.orders.map(({ state }) => state)).toEqual(['CLOSED', 'CLOSED']);
  });

  it('goes on where it stopped: what has ended is left alone, what is unknown is closed again', async () => {
    place(6);
    await write('orders.csv', csv(6));
    emulator.faults.add({ kind: 'systemError', when: { out_trade_no: number(2) } });
    expect(await close()).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/unknown +1 +run again/) });
    emulator.faults.clear();
    const before = closes().length;
    expect(await close()).toMatchObject({ exitCode: 0, stdout: 'closed  6\ntotal   6\n' });
    expect(closes()).toHaveLength(before + 1);
    expect((await outcomes()).filter(({ record }) => record === '3').map(({ outcome }) => outcome)).toEqual([
      'unknown',
      'closed',
    ]);
    expect(await close()).toMatchObject({ exitCode: 0 });
    expect(closes()).toHaveLength(before + 1);
  });

  it('repairs a last line that was torn, and closes its order again', async () => {
    place(4);
    await write('orders.csv', csv(4));
    await close('--concurrency', '1');
    const path = join(folder, 'outcomes.csv');
    const { length } = await readFile(path);
    for (const cut of [5, 90]) {
      await truncate(path, length - cut);
      const before = closes().length;
      expect(await close('--concurrency', '1')).toMatchObject({ exitCode: 0, stdout: 'closed  4\ntotal   4\n' });
      expect(closes()).toHaveLength(before + 1);
      expect(await outcomes()).toHaveLength(4);
    }
    // A header that was torn.
    await truncate(path, 7);
    expect(await close()).toMatchObject({ exitCode: 0 });
    expect(await outcomes()).toHaveLength(4);
  });

  it('tries other outcomes again when it is told to', async () => {
    place(2);
    emulator.pay(number(1));
    await write('orders.csv', csv(2));
    await close();
    const before = closes().length;
    expect(await close('--retry', 'paid')).toMatchObject({ exitCode: 1 });
    expect(closes()).toHaveLength(before + 1);
  });

  it('takes outcomes for those of no other input', async () => {
    place(3);
    await write('orders.csv', csv(3));
    await close();
    const before = closes().length;
    for (const changed of [csv(2), csv(3).replace(number(1), number(7))]) {
      await write('orders.csv', changed);
      const run = await close();
      expect([run.exitCode, run.stderr]).toEqual([3, expect.stringContaining('written about another input')]);
    }
    await write('orders.csv', csv(3));
    expect(await close('--variant', 'v2')).toMatchObject({ exitCode: 3 });
    expect(closes()).toHaveLength(before);
    // What was added at the end is new.
    place(0);
    emulator.place({ out_trade_no: number(3) });
    await write('orders.csv', csv(4));
    expect(await close()).toMatchObject({ exitCode: 0, stdout: 'closed  4\ntotal   4\n' });
  });

  it.each([
    ['a file that is not there', undefined, /ENOENT/],
    ['a row that is too long', 'out_trade_no\nA,B\n', /Invalid Record Length/],
    ['a quote that is never closed', 'out_trade_no\n"ABC\n', /Quote Not Closed/],
    ['a column twice', 'out_trade_no,out_trade_no\nA,B\n', /out_trade_no twice/],
    ['an empty file', '', /is empty/],
    ['a quote inside a cell', 'out_trade_no\nA\nCANARY"B"\n', /a quote stands inside a cell in line 3/],
    ['a column that is no field', 'out_trade_no,amount\nCLOSE00001,5\n', /no field amount; .*--skip-column amount/],
    [
      'a column that is no field and begins empty',
      'out_trade_no,amount\nCLOSE00001,\nCLOSE00002,5\n',
      /no field amount/,
    ],
  ])('sends nothing for %s', async (_name, content, words) => {
    if (content !== undefined) await write('orders.csv', content);
    const run = await close();
    expect([run.exitCode, run.stdout, closes().length]).toEqual([3, '', 0]);
    expect(run.stderr).toMatch(words);
    expect(run.stderr).not.toContain('CANARY');
    await expect(readFile(join(folder, 'outcomes.csv'))).rejects.toThrow('ENOENT');
  });

  it('ends with 3 where --out is a folder', async () => {
    place(1);
    await write('orders.csv', csv(1));
    await mkdir(join(folder, 'outcomes'));
    const run = await close('--out', 'outcomes');
    expect([run.exitCode, run.stdout, closes().length]).toEqual([3, '', 0]);
    expect(run.stderr).toMatch(/^--out cannot be read: EISDIR[^\n]*\n$/);
  });

  it('passes over columns that it is told to', async () => {
    place(1);
    await write('orders.csv', `amount,out_trade_no\n5,${number(0)}\n`);
    expect(await close('--skip-column', 'amount')).toMatchObject({ exitCode: 0 });
  });

  it('says which line is not JSON, and repeats nothing of it', async () => {
    await write('orders.ndjson', '{}\nCANARY\n');
    const run = await close('--from', 'orders.ndjson');
    await write('orders.JSONL', '{}\nCANARY\n');
    expect(await close('--from', 'orders.JSONL')).toMatchObject({
      stderr: expect.stringContaining('not JSON in line 2'),
    });
    expect([run.exitCode, run.stderr]).toEqual([3, expect.stringContaining('not JSON in line 2')]);
    expect(run.stderr).not.toContain('CANARY');
  });

  it('neither appends to a file of somebody else nor cuts it', async () => {
    await write('orders.csv', csv(1));
    for (const content of ['# my notes', 'record,fingerprint\n1,2\n']) {
      await write('outcomes.csv', content);
      expect(await close()).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('not written by this command'),
      });
      expect(await readFile(join(folder, 'outcomes.csv'), 'utf8')).toBe(content);
    }
    expect(await close('--out', 'orders.csv')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('same file'),
    });
    await rm(join(folder, 'outcomes.csv'));
    place(1);
    await close();
    await appendFile(join(folder, 'outcomes.csv'), 'x,y\n');
    expect(await close()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('damaged in line 3') });
  });

  it('says what it would do, and sends nothing', async () => {
    await write('orders.csv', `out_trade_no\n${number(0)}\n?\n`);
    const run = await close('--dry-run');
    expect(run.exitCode).toBe(1);
    expect(run.stdout.split('\n')).toEqual([
      `record 1: Order ${number(0)} (merchant 1900000109) would be closed (variant direct).`,
      expect.stringMatching(/^record 2: Nothing was sent .*out_trade_no must be 6 to 32/),
      '1 would be closed, 1 do not hold, 0 have ended before. Nothing was sent.',
      '',
    ]);
    expect(emulator.requests).toEqual([]);
    await expect(readFile(join(folder, 'outcomes.csv'))).rejects.toThrow('ENOENT');
  });

  it('writes no cell that a spreadsheet would run', async () => {
    const out_trade_no = '-2*3|CMD';
    emulator.place({ out_trade_no });
    await write('orders.csv', `out_trade_no\n${out_trade_no}\n`);
    await close();
    expect((await outcomes()).map((row) => row['out_trade_no'])).toEqual([`'${out_trade_no}`]);
    // And the run after it knows the order all the same.
    expect(await close()).toMatchObject({ exitCode: 0, stdout: 'closed  1\ntotal   1\n' });
  });

  it('lets the orders under way end when it is interrupted, and aborts them the second time', async () => {
    place(50);
    await write('orders.csv', csv(50));
    const waiting: (() => void)[] = [];
    emulator.afterSigning(() => new Promise((resolve) => waiting.push(() => resolve(undefined))));
    const first = runCommand(folder, command('--concurrency', '3'), (child) => {
      void interrupt(
        child,
        () => waiting.length === 3,
        () => waiting.forEach((release) => release()),
      );
    });
    expect(await first).toMatchObject({
      exitCode: 130,
      stdout: expect.stringMatching(/closed +3\nnot tried +47 +run again/),
    });
    const released = waiting.length;
    const second = runCommand(folder, command('--concurrency', '3'), (child) => {
      void interrupt(
        child,
        () => waiting.length === released + 3,
        () => child.kill('SIGINT'),
      );
    });
    expect(await second).toMatchObject({ exitCode: 130, stdout: expect.stringContaining('not tried') });
    expect(await outcomes()).toHaveLength(3);
    emulator.reset();
    place(50);
    expect(await close()).toMatchObject({ exitCode: 0, stdout: 'closed  50\ntotal   50\n' });
    expect(closes()).toHaveLength(47);
  });

  it('names the packages that it needs, where they are not installed', async () => {
    const root = join(folder, 'alone');
    const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
    await cp(fileURLToPath(new URL('../../dist', import.meta.url)), join(root, 'dist'), { recursive: true });
    await mkdir(join(root, 'node_modules'));
    await write('alone/package.json', '{"type":"module"}');
    for (const name of ['@nestjs', 'rxjs', 'zod', 'fast-xml-parser', 'axios', 'reflect-metadata']) {
      await symlink(join(modules, name), join(root, 'node_modules', name));
    }
    await write('orders.csv', csv(1));
    const run = await runCommand(folder, command(), undefined, join(root, 'dist/command-line/command.js'));
    expect([run.exitCode, run.stderr]).toEqual([
      3,
      'Reading and writing CSV takes packages that are not installed. Run: npm i csv-parse csv-stringify cli-progress\n',
    ]);
  });

  it('prints no secret, and says what is wrong with a configuration', async () => {
    await write('orders.csv', csv(1));
    await write(
      'options.json',
      JSON.stringify({ merchants: [{ mchid: '1', apiV2: { key: 'CANARYcanaryCANARYcanary' } }] }),
    );
    const run = await close();
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('merchants[0].apiV2.key');
    expect(run.stdout + run.stderr).not.toContain('CANARY');
  });
});
