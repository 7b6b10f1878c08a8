import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';
import pg from 'pg';
import { asyncScheduler } from 'rxjs';

import { BullmqCloseScheduler } from '../../lib/auto-close/stores/bullmq/bullmq-close-scheduler.js';
import type { BullmqStoreOptions } from '../../lib/auto-close/stores/bullmq/bullmq-store.options.js';
import type { StoreHarness } from './conformance.js';
import type { RealStore } from './real-stores.js';

/** A queue of its own on a server that others use, too. */
export interface BullmqHarness extends StoreHarness {
  readonly options: BullmqStoreOptions;
  readonly reports: string[];
  open(change?: Partial<BullmqStoreOptions>): Promise<BullmqCloseScheduler>;
}

/** Makes one. */
export async function bullmqHarness(
  { name, url }: RealStore,
  change: Partial<BullmqStoreOptions> = {},
): Promise<BullmqHarness> {
  const prefix = `autoclose_test_${randomBytes(6).toString('hex')}`;
  return harnessOf({ kind: 'bullmq', url, prefix, ...change }, () =>
    name === 'Redis' ? dropKeys(url, prefix) : dropSchema(url, prefix),
  );
}

/** Makes one of a store that has to be cleared in its own way. */
export function harnessOf(options: BullmqStoreOptions, destroy: () => Promise<void>): BullmqHarness {
  const reports: string[] = [];
  return {
    options,
    reports,
    now: () => Date.now(),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms + 20)),
    open: async (changed) => {
      const scheduler = new BullmqCloseScheduler(
        { ...options, ...changed },
        {
          clock: { now: () => Date.now() },
          randomness: { next: () => 0.5 },
          scheduler: asyncScheduler,
          keepSettledForMs: 7 * 86_400_000,
          report: (problem: string) => void reports.push(problem),
        },
      );
      await scheduler.open();
      return scheduler;
    },
    destroy,
  };
}

/** Removes what a test left in Redis. */
export async function dropKeys(url: string, prefix: string): Promise<void> {
  const client = new Redis(url);
  const keys = await client.keys(`${prefix}:*`);
  if (keys.length > 0) await client.del(...keys);
  client.disconnect();
}

/** Removes what a test left in PostgreSQL. */
export async function dropSchema(url: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await client.end();
}
