import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { asyncScheduler } from 'rxjs';

import type { SqliteStoreOptions } from '../../lib/auto-close/stores/sqlite/sqlite-store.options.js';
import { SqliteCloseScheduler } from '../../lib/auto-close/stores/sqlite/sqlite-close-scheduler.js';
import type { StoreHarness } from './conformance.js';

/** A SQLite file in a folder of its own, on a clock that a test sets. */
export interface SqliteHarness extends StoreHarness {
  readonly file: string;
  readonly reports: string[];
  open(change?: Partial<SqliteStoreOptions>): Promise<SqliteCloseScheduler>;
}

/** Makes one. */
export async function sqliteHarness(options: Partial<SqliteStoreOptions> = {}): Promise<SqliteHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'auto-close-'));
  const file = join(folder, 'data/closes.db');
  const reports: string[] = [];
  let now = Date.parse('2026-11-22T00:00:00Z');
  return {
    file,
    reports,
    now: () => now,
    pass: (ms) => {
      now += ms;
      return new Promise((resolve) => setTimeout(resolve, 20));
    },
    open: async (change) => {
      const environment = {
        clock: { now: () => now },
        randomness: { next: () => 0.5 },
        scheduler: asyncScheduler,
        keepSettledForMs: 7 * 86_400_000,
        report: (problem: string) => void reports.push(problem),
      };
      const scheduler = new SqliteCloseScheduler(
        { kind: 'sqlite', file, pollMs: 5, leaseMs: 60_000, ...options, ...change },
        environment,
      );
      await scheduler.open();
      return scheduler;
    },
    destroy: () => rm(folder, { recursive: true, force: true }),
  };
}
