import type * as Bullmq from 'bullmq';
import type * as Ioredis from 'ioredis';
import type * as Pg from 'pg';

import { CloseStoreError } from '../../errors/close-store.error.js';
import { importOptional } from '../../../environment/import-optional.js';

/**
 * Loads BullMQ.
 *
 * @param driver - the package that is needed beside it, for the command that installs both
 * @throws {@link CloseStoreError} with the exact command, where it is missing or too old
 */
export async function loadBullmq(driver: 'ioredis' | 'pg'): Promise<typeof Bullmq> {
  const found = await importOptional('bullmq');
  if (isBullmq(found)) return found;
  const problem = found === undefined ? 'needs the package bullmq' : 'needs bullmq 6.7 or newer; the one here is older';
  throw new CloseStoreError('package', `Auto-close on BullMQ ${problem}. Run: npm i bullmq@^6.7.0 ${driver}`);
}

/**
 * Loads the driver of Redis.
 *
 * @throws {@link CloseStoreError} with the exact command, where it is missing or too old
 */
export async function loadIoredis(): Promise<typeof Ioredis> {
  const found = await importOptional('ioredis');
  if (isIoredis(found)) return found;
  const problem =
    found === undefined ? 'needs the package ioredis' : 'needs ioredis 5.2.5 or newer; the one here is older';
  throw new CloseStoreError('package', `Auto-close on BullMQ with Redis ${problem}. Run: npm i ioredis`);
}

/**
 * Loads the driver of PostgreSQL.
 *
 * @throws {@link CloseStoreError} with the exact command, where it is missing
 */
export async function loadPg(): Promise<typeof Pg> {
  const found = await importOptional('pg');
  // Older ones export an object by default, and no names.
  for (const module of [found, defaultOf(found)]) if (isPg(module)) return module;
  throw new CloseStoreError('package', 'Auto-close on BullMQ with PostgreSQL needs the package pg. Run: npm i pg');
}

function isBullmq(found: unknown): found is typeof Bullmq {
  return hasAll(found, ['Queue', 'Worker', 'withBackend', 'createPostgresBackend', 'runMigrations']);
}

function isIoredis(found: unknown): found is typeof Ioredis {
  return hasAll(found, ['Redis']);
}

function isPg(found: unknown): found is typeof Pg {
  return hasAll(found, ['Pool', 'Client']);
}

function defaultOf(found: unknown): unknown {
  return typeof found === 'object' && found !== null && 'default' in found ? found.default : undefined;
}

function hasAll(found: unknown, names: readonly string[]): boolean {
  return typeof found === 'object' && found !== null && names.every((name) => name in found);
}
