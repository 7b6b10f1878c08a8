import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { install } from './workshop.mjs';

const APP = join(import.meta.dirname, 'app');

/** @type {Map<string, Promise<string>>} */
const trees = new Map();

/**
 * Makes a fresh application that has the tarball installed. Applications with equal dependencies share one installation.
 *
 * @param {import('./workshop.mjs').Workshop} workshop
 * @param {import('./cell.mjs').Cell} cell
 * @param {readonly string[]} files - copied from `app`, by their names there
 * @param {Record<string, unknown>} [written] - further files; what is no text becomes JSON
 * @returns {Promise<string>} its folder
 */
export async function createConsumer(workshop, { type, dependencies, overrides }, files, written = {}) {
  const tree = await treeOf(workshop, { dependencies, overrides });
  const folder = await mkdtemp(join(tree, 'app-'));
  const manifest = { name: 'app', private: true, type };
  for (const file of files) await cp(join(APP, file), join(folder, basename(file)), { recursive: true });
  for (const [name, content] of Object.entries({ 'package.json': manifest, ...written })) {
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

function treeOf(
  /** @type {import('./workshop.mjs').Workshop} */ workshop,
  /** @type {Pick<import('./cell.mjs').Cell, 'dependencies' | 'overrides'>} */ wanted,
) {
  const key = JSON.stringify(wanted);
  const found = trees.get(key) ?? installTree(workshop, wanted, trees.size);
  trees.set(key, found);
  return found;
}

async function installTree(
  /** @type {import('./workshop.mjs').Workshop} */ { folder, tarball },
  /** @type {Pick<import('./cell.mjs').Cell, 'dependencies' | 'overrides'>} */ { dependencies, overrides },
  /** @type {number} */ index,
) {
  const tree = join(folder, `tree-${index}`);
  await mkdir(tree);
  const manifest = {
    private: true,
    dependencies: { ...dependencies, 'nestjs-wechatpay': `file:${tarball}` },
    ...(overrides === undefined ? {} : { overrides }),
  };
  await writeFile(join(tree, 'package.json'), JSON.stringify(manifest));
  await install(tree);
  return tree;
}
