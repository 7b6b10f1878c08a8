import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { asyncScheduler } from 'rxjs';

import type { CloseJob } from '../../lib/auto-close/scheduling/close-job.js';
import { CloseTable } from '../../lib/auto-close/stores/sqlite/close-table.js';
import { openConnection } from '../../lib/auto-close/stores/sqlite/open-connection.js';
import { loadDriver } from '../../lib/auto-close/stores/sqlite/load-driver.js';
import type { SqliteCloseScheduler } from '../../lib/auto-close/stores/sqlite/sqlite-close-scheduler.js';
import type { SqliteConnection } from '../../lib/auto-close/stores/sqlite/sqlite-driver.js';
import { NotedWork, settlementOf } from './conformance.js';
import { eventually } from './eventually.js';
import { type SqliteHarness, sqliteHarness } from './sqlite-harness.js';

jest.setTimeout(60_000);

const LEASE_MS = 60_000;
const DAY = 86_400_000;

let store: SqliteHarness;
let scheduler: SqliteCloseScheduler;
let beside: SqliteConnection;
beforeEach(async () => {
  store = await sqliteHarness();
  scheduler = await store.open();
  beside = new (await loadDriver())(store.file);
});
afterEach(async () => {
  await scheduler.stop(0);
  await scheduler.close();
  beside.close();
  await store.destroy();
});

const jobOf = (number: string): CloseJob => ({
  id: `1.out_trade_no.${number}`,
  variant: 'direct',
  request: { out_trade_no: number },
  order: { mchid: '1', out_trade_no: number },
  closeAt: store.now(),
  createdAt: store.now(),
  scheduledAt: store.now(),
});
const never = (id: string) => {
  throw new Error(`${id} is malformed`);
};

describe('a SQLite file', () => {
  it('is written through to the disk at each commit', async () => {
    const connection = await openConnection(await loadDriver(), store.file, asyncScheduler);
    expect(connection.prepare('PRAGMA journal_mode').all()).toMatchObject([{ journal_mode: 'wal' }]);
    expect(connection.prepare('PRAGMA synchronous').all()).toMatchObject([{ synchronous: 2 }]);
    expect(connection.prepare('PRAGMA busy_timeout').all()).toMatchObject([{ timeout: 20 }]);
    connection.close();
  });

  it.each([
    [
      'looks for due jobs',
      'SELECT due_at FROM closes WHERE recorded_at IS NULL AND (lease_until IS NULL OR lease_until <= 1) ORDER BY due_at LIMIT 1',
      'closes_due',
    ],
    [
      'forgets old records',
      'SELECT id FROM closes WHERE recorded_at IS NOT NULL AND is_given_up = 0 AND recorded_at <= 1 LIMIT 1',
      'closes_recorded',
    ],
  ])('%s by an index', (_, sql, index) => {
    const plan = beside.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    expect(JSON.stringify(plan)).toContain(index);
  });
});

describe('a lease', () => {
  it('lets nobody else have the job while it is renewed, also when the clock leaps', async () => {
    await scheduler.schedule(jobOf('KEPT'));
    let finish = () => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    const work = new NotedWork(async ({ job }) => {
      await held;
      return { kind: 'done', settlement: settlementOf(job) };
    });
    await scheduler.start(work, 5);
    await eventually(() => work.running === 1);
    const isKept = async () => (await scheduler.stats()).running === 1;
    await store.pass(LEASE_MS * 10);
    await eventually(isKept);
    await store.pass(LEASE_MS / 2);
    await eventually(isKept);
    expect(work.runs).toHaveLength(1);
    expect(await scheduler.stats()).toMatchObject({ running: 1, due: 0 });
    finish();
    await eventually(() => work.idsOf('done').length === 1);
    expect(work.outrunIds).toEqual([]);
  });

  it('that ran out lets another take over, and only its verdict counts', async () => {
    const job = jobOf('TAKEN');
    await scheduler.schedule(job);
    const table = new CloseTable(beside);
    const ours = table.claim(store.now(), 'ours', store.now() + LEASE_MS, 1, never)[0]!;
    expect(table.claim(store.now(), 'early', store.now() + LEASE_MS, 1, never)).toEqual([]);
    await store.pass(LEASE_MS);
    const theirs = table.claim(store.now(), 'theirs', store.now() + LEASE_MS, 1, never)[0]!;
    expect(theirs.claimed).toMatchObject({ attempt: 2, dueAt: job.closeAt });
    const done = { kind: 'done', settlement: settlementOf(job) } as const;
    expect(table.renew([ours], store.now() + LEASE_MS)).toEqual([ours]);
    for (const verdict of [done, { kind: 'again', afterMs: 1, because: '' }, { kind: 'released' }] as const) {
      expect(table.write(ours, verdict, store.now())).toBe(false);
    }
    expect(table.find(job.id, store.now())).toMatchObject({ state: 'running', attempts: 2 });
    expect(table.write(theirs, done, store.now())).toBe(true);
    expect(table.write(theirs, done, store.now())).toBe(false);
    expect(await scheduler.find(job.id)).toMatchObject({ state: 'settled' });
  });

  it('that was taken over aborts the work, and its worker is told', async () => {
    const job = jobOf('OUTRUN');
    await scheduler.stop(0);
    await scheduler.close();
    scheduler = await store.open({ leaseMs: 30 });
    await scheduler.schedule(job);
    const work = new NotedWork(
      (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'released' }))),
    );
    await scheduler.start(work, 5);
    await eventually(() => work.running === 1);
    beside.prepare("UPDATE closes SET lease = 'another', lease_until = ?").run(store.now() + LEASE_MS);
    await eventually(() => work.outrunIds.length === 1);
    expect(await scheduler.find(job.id)).toMatchObject({ state: 'running' });
  });
});

describe('records', () => {
  it('are kept for a set time, and those that were given up until they are let go', async () => {
    const [closed, givenUp] = [jobOf('CLOSED'), jobOf('GIVEN-UP')];
    for (const job of [closed, givenUp]) await scheduler.schedule(job);
    const work = new NotedWork(({ job }) =>
      Promise.resolve({ kind: 'done', settlement: settlementOf(job, job.id === closed.id ? 'CLOSED' : 'GIVEN_UP') }),
    );
    await scheduler.start(work, 5);
    await eventually(() => work.writtenVerdicts.length === 2);
    await store.pass(7 * DAY - 1_000);
    expect(await scheduler.find(closed.id)).toMatchObject({ state: 'settled' });
    await store.pass(70_000);
    await eventually(async () => (await scheduler.find(closed.id)) === undefined);
    expect(await scheduler.find(givenUp.id)).toMatchObject({ state: 'givenUp' });
  });

  it('that somebody broke are reported, and the others go on', async () => {
    await scheduler.schedule(jobOf('BROKEN'));
    await scheduler.schedule(jobOf('WHOLE'));
    beside.prepare("UPDATE closes SET job = '{' WHERE id LIKE '%BROKEN'").run();
    const work = new NotedWork();
    await scheduler.start(work, 5);
    await eventually(() => work.writtenVerdicts.length === 1);
    expect(work.idsOf('done')).toEqual([jobOf('WHOLE').id]);
    expect(store.reports).toEqual([expect.stringContaining('1.out_trade_no.BROKEN cannot be read')]);
  });
});

describe('trouble with the file', () => {
  it('is told once, ends calls with a typed error, and is over when it is', async () => {
    const work = new NotedWork();
    await scheduler.start(work, 5);
    beside.exec('ALTER TABLE closes RENAME TO away');
    await eventually(() => store.reports.length === 1);
    const error = await scheduler.schedule(jobOf('TROUBLE')).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'CloseStoreError', fault: 'unavailable' });
    expect(store.reports[0]).toContain('tries on every second');
    beside.exec('ALTER TABLE away RENAME TO closes');
    await scheduler.schedule(jobOf('OVER'));
    await store.pass(2_000);
    await eventually(() => work.writtenVerdicts.length === 1);
    expect(store.reports).toHaveLength(1);
  });
});
