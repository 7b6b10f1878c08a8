import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';

jest.setTimeout(60_000);

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

let folder: string;
// The built files, where nothing is installed beside them.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auto-close-missing-'));
  await cp(DIST, join(folder, 'dist'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the error of a call says in a process of its own. */
async function errorOf(file: string, call: string): Promise<unknown> {
  const url = pathToFileURL(join(folder, 'dist/auto-close/stores', file)).href;
  const script = `const loaded = await import(${JSON.stringify(url)});
    const error = await loaded.${call}.catch((thrown) => thrown);
    console.log(JSON.stringify({ name: error.name, fault: error.fault, message: error.message }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
  });
  return JSON.parse(stdout);
}

it.each([
  ['bullmq/load-packages.js', "loadBullmq('ioredis')", 'Run: npm i bullmq@^6.7.0 ioredis'],
  ['bullmq/load-packages.js', "loadBullmq('pg')", 'Run: npm i bullmq@^6.7.0 pg'],
  ['bullmq/load-packages.js', 'loadIoredis()', 'Run: npm i ioredis'],
  ['bullmq/load-packages.js', 'loadPg()', 'Run: npm i pg'],
  ['sqlite/load-driver.js', "loadDriver('libsql')", 'Run: npm i libsql'],
  ['sqlite/load-driver.js', "loadDriver('better-sqlite3')", 'Run: npm i better-sqlite3'],
])('%s: %s names the exact command where the package is missing', async (file, call, command) => {
  const error = await errorOf(file, call);
  expect(error).toMatchObject({ name: 'CloseStoreError', fault: 'package' });
  expect(error).toHaveProperty('message', expect.stringMatching(new RegExp(`${command.replaceAll(/[.^]/g, '\\$&')}$`)));
});
