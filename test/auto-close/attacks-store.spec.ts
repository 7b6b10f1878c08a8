import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { SqliteCloseScheduler } from '../../lib/auto-close/stores/sqlite/sqlite-close-scheduler.js';
import { loadDriver } from '../../lib/auto-close/stores/sqlite/load-driver.js';
import { jobDue, stopAll } from './attacked-jobs.js';
import { NotedWork, settlementOf } from './conformance.js';
import { eventually } from './eventually.js';
import { type SqliteHarness, sqliteHarness } from './sqlite-harness.js';

let store: SqliteHarness;
let opened: SqliteCloseScheduler[];
beforeEach(async () => {
  store = await sqliteHarness();
  opened = [];
});
afterEach(async () => {
  await stopAll(opened);
  await store.destroy();
});
const open = async () => {
  const scheduler = await store.open();
  opened.push(scheduler);
  return scheduler;
};
const jobOf = (number: string, closeAt = store.now()) => jobDue(number, closeAt);

describe('orders that hang for ever', () => {
  it('leave a quarter of the places to those that are tried for the first time', async () => {
    const scheduler = await open();
    const work = new NotedWork(({ job, attempt }, signal) => {
      if (!job.id.includes('HANGS')) return Promise.resolve({ kind: 'done', settlement: settlementOf(job) });
      if (attempt === 1) return Promise.resolve({ kind: 'again', afterMs: 1, because: 'it hangs' });
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'released' })));
    });
    for (let index = 0; index < 30; index++) await scheduler.schedule(jobOf(`HANGS${index}`));
    await scheduler.start(work, 8);
    await eventually(() => work.idsOf('again').length === 30);
    await store.pass(1_000);
    await eventually(() => work.running === 6);
    await scheduler.schedule(jobOf('NEW'));
    await eventually(() => work.idsOf('done').length === 1);
    expect(work.running).toBe(6);
  });
});

it('cancel, closeNow, schedule and the worker at once: each order is cancelled or recorded, and never both', async () => {
  const scheduler = await open();
  const other = await open();
  const work = new NotedWork();
  await scheduler.start(work, 20);
  const ids = Array.from({ length: 300 }, (_, index) => `RACE${index}`);
  const found = await Promise.all(
    ids.map(async (number) => {
      const job = jobOf(number, store.now());
      await other.schedule(job);
      const [, before] = await Promise.all([
        scheduler.bringForward(job.id),
        other.cancel(job.id),
        other.schedule({ ...job, closeAt: job.closeAt + 3_600_000 }),
      ]);
      return before?.state === 'waiting';
    }),
  );
  await store.pass(7_200_000);
  await eventually(async () => {
    const { waiting, running } = await scheduler.stats();
    return waiting + running === 0;
  });
  // What was cancelled was scheduled once more after that.
  const recorded = work.idsOf('done');
  expect(new Set(recorded).size).toBe(recorded.length);
  expect(found.length).toBe(300);
  expect(work.outrunIds).toEqual([]);
});

it('counts 100,000 orders in far less than a second', async () => {
  const scheduler = await open();
  const later = store.now() + 3_600_000;
  await Promise.all(Array.from({ length: 100_000 }, (_, index) => scheduler.schedule(jobOf(`MANY${index}`, later))));
  const began = performance.now();
  expect(await scheduler.stats()).toMatchObject({ waiting: 100_000, due: 0 });
  expect(performance.now() - began).toBeLessThan(500);
}, 60_000);

it('a file that another process had while jobs were looked for takes verdicts as soon as it is free', async () => {
  const scheduler = await open();
  let finish = () => {};
  const work = new NotedWork(async ({ job }) => {
    if (job.id.endsWith('FIRST')) await new Promise<void>((resolve) => (finish = resolve));
    return { kind: 'done', settlement: settlementOf(job) };
  });
  await scheduler.start(work, 5);
  await scheduler.schedule(jobOf('FIRST'));
  await eventually(() => work.running === 1);
  await scheduler.schedule(jobOf('SECOND', store.now() + 1_000));
  const beside = new (await loadDriver())(store.file);
  beside.exec('BEGIN IMMEDIATE');
  // The worker looks for the second one meanwhile, and cannot take it.
  await store.pass(1_000);
  await store.pass(0);
  beside.exec('COMMIT');
  finish();
  beside.close();
  await eventually(() => work.idsOf('done').length === 2);
  expect(store.reports).toEqual([]);
});
