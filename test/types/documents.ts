import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** The documents for users, by path from the repository: both READMEs and everything in `docs` but what is generated there. */
export async function documents(): Promise<string[]> {
  const docs = await readdir(join(ROOT, 'docs'), { recursive: true });
  const names = docs
    .filter((name) => name.endsWith('.md') && !/^(?:api|\.vitepress)\b/.test(name))
    .map((name) => join('docs', name));
  return ['README.md', 'README.zh-CN.md', ...names.sort()];
}

/** The path of an English document's Chinese twin. */
export function twinOf(document: string): string {
  return document.replace(/\.md$/, '.zh-CN.md');
}

/** The text of a document. */
export function textOf(document: string): Promise<string> {
  return readFile(join(ROOT, document), 'utf8');
}

/** The TypeScript snippets of a document, in order. */
export async function snippetsOf(document: string): Promise<string[]> {
  return [...(await textOf(document)).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

/** The name of the file that a snippet is compiled as. */
export function snippetFile(document: string, index: number): string {
  return `${document.replaceAll(/[./]/g, '-')}-${index}.ts`;
}
