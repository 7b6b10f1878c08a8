import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ROOT } from './workshop.mjs';

/**
 * A configuration exactly as the READMEs print it.
 *
 * @param {string} file - the name that its first line, a comment, gives
 * @returns {Promise<string>}
 * @throws Error where a README has it not once, or the two differ
 */
export async function printedConfiguration(file) {
  const [english, chinese] = await Promise.all(['README.md', 'README.zh-CN.md'].map((name) => blockOf(name, file)));
  assert.equal(chinese, english, `${file} must read the same in both READMEs`);
  return english ?? '';
}

async function blockOf(/** @type {string} */ readme, /** @type {string} */ file) {
  const text = await readFile(join(ROOT, readme), 'utf8');
  const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  const found = blocks.filter((code) => code.startsWith(`// ${file}\n`));
  assert.equal(found.length, 1, `${readme} must print ${file} once, in a js block that begins with its name`);
  return found[0];
}
