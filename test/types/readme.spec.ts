import { execFile } from 'node:child_process';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { documents, ROOT, snippetFile, snippetsOf, textOf, twinOf } from './documents.js';

const FOLDER = join(ROOT, 'test/types/.readme');

let all: string[];
let english: string[];
beforeAll(async () => {
  all = await documents();
  english = all.filter((document) => !document.endsWith('.zh-CN.md'));
});

describe('the documents', () => {
  it('have a Chinese twin each, and no twin is alone', () => {
    expect(all.toSorted()).toEqual(english.flatMap((document) => [document, twinOf(document)]).sort());
    expect(english).toContain('docs/migration/from-wechatpay-node-v3.md');
  });

  it('have the same code in both languages', async () => {
    const bare = (snippets: string[]) => snippets.map((code) => code.replaceAll(/\s*\/\/.*$|\/\*\*.*\*\//gm, ''));
    for (const document of english) {
      const [own, twin] = await Promise.all([document, twinOf(document)].map(snippetsOf));
      expect({ document, code: bare(twin ?? []) }).toEqual({ document, code: bare(own ?? []) });
    }
    expect((await snippetsOf('README.md')).length).toBeGreaterThan(7);
  });

  it('have snippets that compile as they stand', async () => {
    await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    const files: string[] = [];
    for (const document of all) {
      for (const [index, code] of (await snippetsOf(document)).entries()) {
        const file = snippetFile(document, index);
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

  it('link to files that exist', async () => {
    for (const document of [...all, 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']) {
      for (const [, target = ''] of (await textOf(document)).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
        const isThere = await access(join(ROOT, dirname(document), target)).then(
          () => true,
          () => false,
        );
        expect({ document, target, isThere }).toEqual({ document, target, isThere: true });
      }
    }
  });
});

it('the testing snippet does what it says', async () => {
  expect(await runSnippet('README.md', 'aPaidOrderIsNotClosed')).toBe(true);
});

describe('the testing snippets of the migration guides', () => {
  it.each([
    ['from-wechatpay-node-v3', 'whatDecidesAfterAForgedReply', 'query'],
    ['from-wechatpay-axios-plugin', 'whatDecidesAfterAnUnsignedError', 'SUCCESS'],
    ['from-nest-wechat', 'whatBecomesOfALostReply', 'CLOSED'],
  ])('%s: %s', async (guide, name, result) => {
    expect(await runSnippet(`docs/migration/${guide}.md`, name)).toBe(result);
  });
});

/** Runs the function of that name in the snippet of a document that exports it. */
async function runSnippet(document: string, name: string): Promise<unknown> {
  const index = (await snippetsOf(document)).findIndex((code) => code.includes(`function ${name}(`));
  const snippet = (await import(join(FOLDER, snippetFile(document, index)))) as Record<string, () => Promise<unknown>>;
  return snippet[name]?.();
}
