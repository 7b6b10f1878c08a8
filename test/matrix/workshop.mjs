import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { run } from './processes.mjs';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

const INSTALL = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error'];

/**
 * Where one run of the matrix packs and installs.
 *
 * @typedef {object} Workshop
 * @property {string} folder - holds everything of this run
 * @property {string} tarball - the package as it would be published
 */

/**
 * Packs the package once, for all cells.
 *
 * @returns {Promise<Workshop & { clear: () => Promise<void> }>}
 */
export async function openWorkshop() {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-matrix-'));
  await mkdir(join(folder, 'pack'));
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', join(folder, 'pack')], ROOT);
  const tarball = join(folder, 'pack', stdout.trim().split('\n').at(-1) ?? '');
  return { folder, tarball, clear: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Installs what a package.json in a folder names.
 *
 * @param {string} folder
 */
export async function install(folder) {
  await run('npm', INSTALL, folder);
}
