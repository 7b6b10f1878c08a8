import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { ROOT, run } from './tarball.js';

const COMMITTED = join(ROOT, 'api-report');

/** The reports in a folder, by file name. */
async function reportsIn(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.api.md')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return Object.fromEntries(files.map((file, index) => [file, texts[index] ?? '']));
}

describe('the public API', () => {
  let actual: Record<string, string>;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-api-'));
    await run('npm', ['run', '--silent', 'build'], ROOT);
    await run(process.execPath, [join(COMMITTED, 'make.mjs'), folder], ROOT);
    actual = await reportsIn(folder);
  });

  it('has a report for every subpath', async () => {
    const { exports } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    const subpaths = Object.keys(exports).filter((subpath) => subpath !== './package.json');
    expect(Object.keys(actual)).toHaveLength(subpaths.length);
    expect(actual['index.api.md']).toContain('export class CloseOrderService {');
    expect(actual['emulator.api.md']).toContain('export class WechatPayEmulator {');
  });

  it('is what the committed reports say; if the change is meant, run: npm run api', async () => {
    expect(actual).toEqual(await reportsIn(COMMITTED));
  });
});
