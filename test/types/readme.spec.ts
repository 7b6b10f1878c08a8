import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'test/types/.readme');

/** The TypeScript snippets of a document, in order. */
async function snippetsOf(document: string): Promise<string[]> {
  const text = await readFile(join(ROOT, document), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

describe('the READMEs', () => {
  it('have the same code in both languages', async () => {
    const [english, chinese] = await Promise.all(['README.md', 'README.zh-CN.md'].map(snippetsOf));
    const bare = (snippets: string[] = []) => snippets.map((code) => code.replaceAll(/\s*\/\/.*$/gm, ''));
    expect(bare(chinese)).toEqual(bare(english));
    expect(english?.length).toBeGreaterThan(7);
  });

  it('have snippets that compile as they stand', async () => {
    await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    const files: string[] = [];
    for (const document of ['README.md', 'README.zh-CN.md']) {
      for (const [index, code] of (await snippetsOf(document)).entries()) {
        const file = `${document.replaceAll('.', '-')}-${index}.ts`;
        files.push(file);
        await writeFile(join(FOLDER, file), code);
      }
    }
    const options = {
      extends: '../../../tsconfig.json',
      compilerOptions: { rootDir: '.', noEmit: true },
      include: [],
      files,
    };
    await writeFile(join(FOLDER, 'tsconfig.json'), JSON.stringify(options));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const compiled = await promisify(execFile)(process.execPath, [tsc, '-p', FOLDER]).catch(
      (error: { stdout: string }) => error,
    );
    expect(compiled.stdout).toBe('');
  }, 60_000);
});

it('the testing snippet does what it says', async () => {
  const index = (await snippetsOf('README.md')).findIndex((code) => code.includes('aPaidOrderIsNotClosed'));
  const snippet: unknown = await import(join(FOLDER, `README-md-${index}.ts`));
  const { aPaidOrderIsNotClosed } = snippet as { aPaidOrderIsNotClosed: () => Promise<boolean> };
  expect(await aPaidOrderIsNotClosed()).toBe(true);
});
