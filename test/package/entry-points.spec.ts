import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { pack, ROOT, run } from './tarball.js';

const ATTW = join(ROOT, 'node_modules/.bin/attw');

describe('the entry points of the tarball', () => {
  let tarball: string;
  beforeAll(async () => {
    ({ tarball } = await pack());
  });

  it('leave publint nothing to say', async () => {
    const bytes = new Uint8Array(await readFile(tarball));
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytes.buffer } });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
    expect(pkg['name']).toBe('nestjs-wechatpay');
  });

  it('resolve to the right types wherever ESM is imported', async () => {
    // The profile passes over what CommonJS without require(esm) would make of them: Node.js has it since 20.19.
    const options = ['--profile', 'esm-only', '--no-definitely-typed', '--no-color', '--format', 'ascii'];
    const complaint = await run(ATTW, [tarball, ...options], ROOT).then(
      () => '',
      (error: { stdout: string; message: string }) => error.stdout || error.message,
    );
    expect(complaint).toBe('');
  });
});
