import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { ROOT } from './workshop.mjs';

const FILE = join(ROOT, 'reports/matrix.json');

/**
 * What has passed with this very tarball, kept so that a run that was ended can be resumed.
 *
 * @param {string} tarball
 * @param {boolean} resume - goes on with what is kept, instead of beginning anew
 * @returns {Promise<{ has: (name: string) => boolean, add: (name: string) => Promise<void> }>}
 */
export async function openRecord(tarball, resume) {
  const hash = createHash('sha256')
    .update(await readFile(tarball))
    .digest('hex');
  const kept = resume ? await readFile(FILE, 'utf8').catch(() => '{}') : '{}';
  const { package: of, passed: before } = JSON.parse(kept);
  /** @type {Set<string>} */
  const passed = new Set(of === hash ? before : []);
  return {
    has: (name) => passed.has(name),
    add: async (name) => {
      passed.add(name);
      await mkdir(dirname(FILE), { recursive: true });
      await writeFile(FILE, JSON.stringify({ package: hash, passed: [...passed] }));
    },
  };
}
