import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { install } from './workshop.mjs';

/** @type {Map<string, Promise<string>>} */
const installed = new Map();

/**
 * Another Node.js, from the packages that npm keeps of its binaries.
 *
 * @param {import('./workshop.mjs').Workshop} workshop
 * @param {string | undefined} version - exact, or `24` for the newest of that line; without it the one that runs
 * @returns {Promise<string>} the path of the program
 */
export function nodeOf(workshop, version) {
  if (version === undefined) return Promise.resolve(process.execPath);
  const found = installed.get(version) ?? installNode(workshop, version);
  installed.set(version, found);
  return found;
}

async function installNode(/** @type {import('./workshop.mjs').Workshop} */ workshop, /** @type {string} */ version) {
  // The package `node` chooses one of these in an install script; without it there is nothing to allow.
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(workshop.folder, `node-${version}`);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }));
  await install(folder);
  return join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
