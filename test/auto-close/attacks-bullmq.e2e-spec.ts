import { randomBytes } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';

import { jobDue, stopAll } from './attacked-jobs.js';
import { type AutoCloseShop, openAutoCloseShop } from './auto-close-shop.js';
import { type BullmqHarness, bullmqHarness, dropKeys, dropSchema } from './bullmq-harness.js';
import { NotedWork, settlementOf } from './conformance.js';
import { eventually } from './eventually.js';
import { realStores } from './real-stores.js';

const DAY = 86_400_000;
const out_trade_no = 'ATTACK0001';
const stores = await realStores();

it('finds the servers that are there, or says which are left out', () => {
  expect(stores.length).toBeGreaterThanOrEqual(0);
});

describe.each(stores)('auto-close on BullMQ with $name', (store) => {
  let prefix: string;
  let shop: AutoCloseShop;
  beforeEach(async () => {
    prefix = `attack_${randomBytes(6).toString('hex')}`;
    shop = await openAutoCloseShop({ autoClose: { store: { kind: 'bullmq', url: store.url, prefix } } });
  });
  afterEach(async () => {
    await shop.close();
    await (store.name === 'Redis' ? dropKeys : dropSchema)(store.url, prefix);
  });
  const schedule = (closeAfter: number) =>
    shop.autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter });
  const states = () => shop.told.settlements.map(({ state }) => state);

  it('schedules an order anew that was not found and is placed after all, and closes it in its time', async () => {
    await schedule(0);
    await eventually(async () => (await shop.autoClose.stats()).settled === 1);
    expect(states()).toEqual(['NOT_FOUND']);
    const asked = shop.emulator.requests.length;
    const at = Date.now();
    const both = await Promise.all([schedule(1_500), schedule(1_500)]);
    expect(both.some(({ isNew }) => isNew)).toBe(true);
    shop.emulator.place({ out_trade_no });
    expect(await shop.autoClose.outcomeOf({ out_trade_no })).toBeUndefined();
    await eventually(async () => (await shop.autoClose.stats()).waiting === 1);
    expect(shop.emulator.requests).toHaveLength(asked);
    await eventually(() => states().length === 2);
    expect(Date.now() - at).toBeGreaterThanOrEqual(1_490);
    expect(shop.told.settlements[1]).toMatchObject({ state: 'CLOSED', attempts: 1 });
    await eventually(async () => (await shop.autoClose.stats()).settled === 1);
    expect(await schedule(0)).toMatchObject({ isNew: false, state: 'settled' });
  });

  it('cancels one that was scheduled anew', async () => {
    await schedule(0);
    await eventually(async () => (await shop.autoClose.stats()).settled === 1);
    await schedule(60_000);
    await eventually(async () => (await shop.autoClose.cancel({ out_trade_no })).found === 'cancelled');
    expect(await shop.autoClose.stats()).toMatchObject({ waiting: 0, settled: 0, running: 0 });
  });

  it('schedules one anew whose handler has not taken that it was not found', async () => {
    await shop.close();
    shop = await openAutoCloseShop({
      autoClose: { store: { kind: 'bullmq', url: store.url, prefix }, retry: { baseMs: 60_000, maxMs: 60_000 } },
    });
    shop.told.act = ({ state }) => {
      if (state === 'NOT_FOUND') throw new Error('away');
    };
    await schedule(0);
    await eventually(async () => states().length === 1 && (await shop.autoClose.stats()).waiting === 1);
    expect(await schedule(300)).toMatchObject({ isNew: true });
    shop.emulator.place({ out_trade_no });
    await eventually(async () => (await shop.autoClose.stats()).settled === 1);
    expect(states()).toEqual(['NOT_FOUND', 'CLOSED']);
  });
});

describe.each(stores)('a store on BullMQ with $name', (real) => {
  let store: BullmqHarness;
  const opened: Awaited<ReturnType<BullmqHarness['open']>>[] = [];
  beforeEach(async () => {
    store = await bullmqHarness(real);
  });
  afterEach(async () => {
    await stopAll(opened.splice(0));
    await store.destroy();
  });
  const open = async () => {
    const scheduler = await store.open();
    opened.push(scheduler);
    return scheduler;
  };
  const jobOf = (number: string, closeAt = Date.now()) => jobDue(number, closeAt);

  it('counts as time of trying only what followed the first attempt', async () => {
    const scheduler = await open();
    const began = Date.now();
    await scheduler.schedule(jobOf('LATE', began - 3 * DAY));
    const work = new NotedWork(({ job, attempt }) =>
      Promise.resolve(
        attempt === 1
          ? { kind: 'again', afterMs: 50, because: 'doubt' }
          : { kind: 'done', settlement: settlementOf(job) },
      ),
    );
    await scheduler.start(work, 5);
    await eventually(() => work.idsOf('done').length === 1);
    const [first, second] = work.runs.map(({ since }) => since);
    expect(first).toBeGreaterThanOrEqual(began);
    expect(second).toBe(first);
  });

  it('counts, where somebody put what cannot be read', async () => {
    const scheduler = await open();
    if (!(scheduler.queue instanceof Queue)) throw new Error('no queue');
    await scheduler.queue.add('odd', { job: 'none' }, { jobId: 'a.odd', delay: 3_600_000 });
    await scheduler.schedule(jobOf('WHOLE', Date.now() + 7_200_000));
    expect(await scheduler.stats()).toMatchObject({ waiting: 2, due: 0, oldestOverdueMs: 0 });
  });

  if (real.name === 'Redis') {
    it('that is emptied under a running worker harms nobody, and takes the orders again', async () => {
      const scheduler = await open();
      let finish = () => {};
      const held = new Promise<void>((resolve) => (finish = resolve));
      const work = new NotedWork(async ({ job }) => {
        await held;
        return { kind: 'done', settlement: settlementOf(job) };
      });
      await scheduler.schedule(jobOf('RUNNING'));
      await scheduler.schedule(jobOf('WAITING', Date.now() + 500));
      await scheduler.start(work, 1);
      await eventually(() => work.running === 1);
      await dropKeys(real.url, String(store.options.prefix));
      finish();
      await eventually(() => work.outrunIds.length === 1);
      expect(await scheduler.find(jobOf('RUNNING').id)).toBeUndefined();
      expect(await scheduler.schedule(jobOf('RUNNING'))).toMatchObject({ isNew: true });
      expect(await scheduler.schedule(jobOf('WAITING'))).toMatchObject({ isNew: true });
      await eventually(() => work.idsOf('done').length === 2);
    });
  }
});
