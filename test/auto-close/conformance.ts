import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { CloseScheduler } from '../../lib/auto-close/scheduling/close-scheduler.js';
import type { CloseJob } from '../../lib/auto-close/scheduling/close-job.js';
import type { ClaimedClose, CloseWork, Verdict } from '../../lib/auto-close/scheduling/close-work.js';
import type { Settlement } from '../../lib/auto-close/settlement.js';
import { stopAll } from './attacked-jobs.js';
import { eventually } from './eventually.js';

/** A store of one test, empty at first, that goes away with it. */
export interface StoreHarness {
  /** Opens it, as a process of its own would: each call gives another scheduler on the same store. */
  open(): Promise<CloseScheduler>;
  /** The time that the store goes by. */
  now(): number;
  /** Lets time pass: by setting a clock, or by waiting where the engine has a clock of its own. */
  pass(ms: number): Promise<void>;
  /** Removes it. Every scheduler is closed by then. */
  destroy(): Promise<void>;
}

const order = (out_trade_no: string) => ({ mchid: '1900000109', out_trade_no });

/** A settlement as the worker makes it. */
export function settlementOf(job: CloseJob, state: 'CLOSED' | 'GIVEN_UP' = 'CLOSED'): Settlement {
  const base = { variant: job.variant, order: job.order, settledAt: '2026-11-22T00:00:00.000Z', attempts: 1 };
  return state === 'CLOSED'
    ? { ...base, state, alreadyClosed: false }
    : { ...base, state, reason: 'refused', message: 'The key is wrong.' };
}

/** Work that notes what it is given, and does what the test says. */
export class NotedWork implements CloseWork {
  readonly runs: ClaimedClose[] = [];
  readonly writtenVerdicts: [id: string, kind: Verdict['kind']][] = [];
  readonly outrunIds: string[] = [];
  running = 0;

  constructor(
    private readonly act: (claimed: ClaimedClose, signal: AbortSignal) => Promise<Verdict> = ({ job }) =>
      Promise.resolve({ kind: 'done', settlement: settlementOf(job) }),
  ) {}

  async run(claimed: ClaimedClose, signal: AbortSignal): Promise<Verdict> {
    this.runs.push(claimed);
    this.running++;
    try {
      return await this.act(claimed, signal);
    } finally {
      this.running--;
    }
  }

  written({ job }: ClaimedClose, { kind }: Verdict): void {
    this.writtenVerdicts.push([job.id, kind]);
  }

  outrun({ job }: ClaimedClose): void {
    this.outrunIds.push(job.id);
  }

  idsOf(kind: Verdict['kind']): string[] {
    return this.writtenVerdicts.filter(([, written]) => written === kind).map(([id]) => id);
  }
}

/**
 * What every store must do. Give it a factory; it makes a suite.
 *
 * @param name - of the store
 * @param create - makes an empty store
 */
export function describeCloseScheduler(name: string, create: () => Promise<StoreHarness>): void {
  describe(`${name} as a CloseScheduler`, () => {
    let store: StoreHarness;
    let opened: CloseScheduler[];
    beforeEach(async () => {
      store = await create();
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
    const jobOf = (number: string, change: Partial<CloseJob> = {}): CloseJob => ({
      id: `1900000109.out_trade_no.${number}`,
      variant: 'direct',
      request: { out_trade_no: number },
      order: order(number),
      closeAt: store.now(),
      createdAt: store.now() - 1_000,
      scheduledAt: store.now(),
      ...change,
    });
    const later = () => store.now() + 3_600_000;
    const states = async (scheduler: CloseScheduler, jobs: readonly CloseJob[]) =>
      Promise.all(jobs.map(async ({ id }) => (await scheduler.find(id))?.state));

    describe('schedule', () => {
      it('keeps the job as it was given', async () => {
        const scheduler = await open();
        const job = jobOf('KEPT|*_-@1', {
          closeAt: later(),
          request: { combine_out_trade_no: '单', sub_orders: [{ a: 1 }] },
        });
        const { isNew, stored } = await scheduler.schedule(job);
        expect(isNew).toBe(true);
        expect(stored).toEqual({ job, state: 'waiting', dueAt: job.closeAt, attempts: 0 });
        expect(await scheduler.find(job.id)).toEqual(stored);
      });

      it('changes nothing where the id is there already', async () => {
        const scheduler = await open();
        const job = jobOf('TWICE', { closeAt: later() });
        await scheduler.schedule(job);
        const again = await scheduler.schedule({ ...job, closeAt: store.now(), request: { out_trade_no: 'OTHER' } });
        expect(again).toMatchObject({ isNew: false, stored: { job, dueAt: job.closeAt } });
        expect(await scheduler.find(job.id)).toMatchObject({ job });
      });

      it('makes one job of 50 that come at once, from two schedulers', async () => {
        const [one, other] = [await open(), await open()];
        const job = jobOf('AT-ONCE', { closeAt: later() });
        const results = await Promise.all(
          Array.from({ length: 50 }, (_, index) => (index % 2 ? one : other).schedule(job)),
        );
        expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
        expect(await one.stats()).toMatchObject({ waiting: 1 });
      });

      it('is durable: another scheduler finds it when the first is gone', async () => {
        const first = await store.open();
        const job = jobOf('DURABLE', { closeAt: later() });
        await first.schedule(job);
        await first.close();
        expect(await (await open()).find(job.id)).toMatchObject({ job, state: 'waiting' });
      });
    });

    describe('start', () => {
      it('hands out a job that is due, once, and records its settlement', async () => {
        const scheduler = await open();
        const job = jobOf('DUE');
        await scheduler.schedule(job);
        const work = new NotedWork();
        await scheduler.start(work, 5);
        await eventually(() => work.writtenVerdicts.length === 1);
        expect(work.runs).toEqual([{ job, attempt: 1, since: job.closeAt, dueAt: job.closeAt }]);
        expect(work.writtenVerdicts).toEqual([[job.id, 'done']]);
        expect(await scheduler.find(job.id)).toMatchObject({
          job,
          state: 'settled',
          attempts: 1,
          settlement: settlementOf(job),
        });
      });

      it('hands out nothing before its time', async () => {
        const scheduler = await open();
        const handedOutAt = new Map<string, number>();
        const work = new NotedWork(({ job }) => {
          handedOutAt.set(job.id, store.now());
          return Promise.resolve({ kind: 'done', settlement: settlementOf(job) });
        });
        await scheduler.start(work, 5);
        const job = jobOf('LATER', { closeAt: store.now() + 600 });
        await scheduler.schedule(job);
        await scheduler.schedule(jobOf('MARK'));
        await eventually(() => work.writtenVerdicts.length >= 1);
        await store.pass(600);
        await eventually(() => work.writtenVerdicts.length === 2);
        expect(handedOutAt.get(job.id)).toBeGreaterThanOrEqual(job.closeAt);
      });

      it('hands out what others schedule', async () => {
        const [worker, other] = [await open(), await open()];
        const work = new NotedWork();
        await worker.start(work, 5);
        await other.schedule(jobOf('FOREIGN'));
        await eventually(() => work.idsOf('done').length === 1);
      });

      it('does not hand out a settled job again when it is scheduled again', async () => {
        const scheduler = await open();
        const work = new NotedWork();
        await scheduler.start(work, 5);
        const job = jobOf('ONCE');
        await scheduler.schedule(job);
        await eventually(() => work.writtenVerdicts.length === 1);
        expect(await scheduler.schedule(job)).toMatchObject({ isNew: false, stored: { state: 'settled' } });
        await scheduler.schedule(jobOf('MARK'));
        await eventually(() => work.writtenVerdicts.length === 2);
        expect(work.runs).toHaveLength(2);
      });

      it('keeps to the concurrency', async () => {
        const scheduler = await open();
        const jobs = Array.from({ length: 12 }, (_, index) => jobOf(`MANY${index}`));
        for (const job of jobs) await scheduler.schedule(job);
        let finish = () => {};
        const isHeld = new Promise<void>((resolve) => (finish = resolve));
        const work = new NotedWork(async ({ job }) => {
          await isHeld;
          return { kind: 'done', settlement: settlementOf(job) };
        });
        await scheduler.start(work, 3);
        await eventually(() => work.running === 3);
        await store.pass(30);
        expect(work.running).toBe(3);
        finish();
        await eventually(() => work.writtenVerdicts.length === 12);
      });

      it('gives each of 200 jobs to one of two schedulers', async () => {
        const [one, other] = [await open(), await open()];
        for (let index = 0; index < 200; index++) await one.schedule(jobOf(`SHARED${index}`));
        const works = [new NotedWork(), new NotedWork()] as const;
        await Promise.all([one.start(works[0], 10), other.start(works[1], 10)]);
        await eventually(() => works[0].writtenVerdicts.length + works[1].writtenVerdicts.length === 200);
        const ids = works.flatMap(({ runs }) => runs.map(({ job }) => job.id));
        expect(new Set(ids).size).toBe(200);
        expect(ids).toHaveLength(200);
      });
    });

    describe('an attempt that is to be made again', () => {
      it('is made again after its delay, with what was found out', async () => {
        const scheduler = await open();
        const job = jobOf('AGAIN');
        await scheduler.schedule(job);
        const work = new NotedWork((claimed) =>
          Promise.resolve(
            claimed.attempt === 1
              ? { kind: 'again', afterMs: 500, because: 'the handler threw', settlement: settlementOf(job) }
              : { kind: 'done', settlement: settlementOf(job) },
          ),
        );
        const begun = store.now();
        await scheduler.start(work, 5);
        await eventually(() => work.idsOf('again').length === 1);
        await store.pass(500);
        await eventually(() => work.idsOf('done').length === 1);
        expect(work.runs[1]).toMatchObject({ job, attempt: 2, since: job.closeAt, settlement: settlementOf(job) });
        expect(work.runs[1]?.dueAt).toBeGreaterThanOrEqual(begun + 500);
      });

      it('waits until then, and tells what was found out', async () => {
        const scheduler = await open();
        const job = jobOf('WAITS');
        await scheduler.schedule(job);
        const work = new NotedWork(() =>
          Promise.resolve({
            kind: 'again',
            afterMs: 3_600_000,
            because: 'the handler threw',
            settlement: settlementOf(job),
          }),
        );
        const begun = store.now();
        await scheduler.start(work, 5);
        await eventually(() => work.idsOf('again').length === 1);
        const waiting = await scheduler.find(job.id);
        expect(waiting).toMatchObject({ state: 'waiting', attempts: 1, settlement: settlementOf(job) });
        expect(waiting?.dueAt).toBeGreaterThanOrEqual(begun + 3_600_000);
        expect(waiting?.dueAt).toBeLessThanOrEqual(store.now() + 3_600_000);
        expect(work.runs).toHaveLength(1);
      });

      it('is made again where the work throws, which it should not', async () => {
        const scheduler = await open();
        const job = jobOf('THROWS');
        await scheduler.schedule(job);
        const work = new NotedWork(() => Promise.reject(new Error('no')));
        await scheduler.start(work, 5);
        await eventually(() => work.runs.length === 1 && work.running === 0);
        await eventually(async () => (await scheduler.find(job.id))?.state === 'waiting');
        expect((await scheduler.find(job.id))?.dueAt).toBeGreaterThan(store.now() + 10_000);
      });
    });

    describe('cancel', () => {
      it('removes one that waits, so that it never runs and may be scheduled again', async () => {
        const scheduler = await open();
        const work = new NotedWork();
        await scheduler.start(work, 5);
        const job = jobOf('CANCELLED', { closeAt: later() });
        await scheduler.schedule(job);
        expect(await scheduler.cancel(job.id)).toMatchObject({ state: 'waiting' });
        expect(await scheduler.find(job.id)).toBeUndefined();
        expect(await scheduler.bringForward(job.id)).toBeUndefined();
        expect(await scheduler.stats()).toMatchObject({ waiting: 0 });
        const anew = { ...job, closeAt: store.now() };
        expect(await scheduler.schedule(anew)).toMatchObject({ isNew: true });
        await eventually(() => work.writtenVerdicts.length === 1);
        expect(work.runs).toMatchObject([{ job: anew, attempt: 1 }]);
      });

      it('leaves one that runs, one that is settled, one whose settlement waits for the handler, and nothing', async () => {
        const scheduler = await open();
        const [running, settled, unheard] = [jobOf('RUNNING'), jobOf('SETTLED'), jobOf('UNHEARD')];
        let finish = () => {};
        const isHeld = new Promise<void>((resolve) => (finish = resolve));
        const work = new NotedWork(async ({ job }) => {
          if (job.id === running.id) await isHeld;
          return job.id === unheard.id
            ? { kind: 'again', afterMs: 3_600_000, because: 'the handler threw', settlement: settlementOf(job) }
            : { kind: 'done', settlement: settlementOf(job) };
        });
        for (const job of [running, settled, unheard]) await scheduler.schedule(job);
        await scheduler.start(work, 5);
        await eventually(() => work.writtenVerdicts.length === 2);
        expect(await scheduler.cancel(running.id)).toMatchObject({ state: 'running' });
        expect(await scheduler.cancel(settled.id)).toMatchObject({ state: 'settled' });
        expect(await scheduler.cancel(unheard.id)).toMatchObject({ state: 'waiting', settlement: { state: 'CLOSED' } });
        expect(await scheduler.cancel('1900000109.out_trade_no.UNKNOWN')).toBeUndefined();
        finish();
        await eventually(() => work.writtenVerdicts.length === 3);
        expect(await states(scheduler, [running, settled, unheard])).toEqual(['settled', 'settled', 'waiting']);
      });

      it('lets go of one that was given up', async () => {
        const scheduler = await open();
        const job = jobOf('LET-GO');
        await scheduler.schedule(job);
        const work = new NotedWork(() => Promise.resolve({ kind: 'done', settlement: settlementOf(job, 'GIVEN_UP') }));
        await scheduler.start(work, 5);
        await eventually(() => work.writtenVerdicts.length === 1);
        expect(await scheduler.stats()).toMatchObject({ givenUp: 1, settled: 0, waiting: 0 });
        expect(await scheduler.cancel(job.id)).toMatchObject({ state: 'givenUp' });
        expect(await scheduler.find(job.id)).toBeUndefined();
      });
    });

    describe('bringForward', () => {
      it('makes one that waits due now', async () => {
        const scheduler = await open();
        const job = jobOf('NOW', { closeAt: later() });
        await scheduler.schedule(job);
        const work = new NotedWork();
        await scheduler.start(work, 5);
        expect(await scheduler.bringForward(job.id)).toMatchObject({ state: 'waiting', dueAt: job.closeAt });
        await eventually(() => work.idsOf('done').length === 1);
        expect(work.runs[0]).toMatchObject({ job, attempt: 1 });
        expect(await scheduler.bringForward(job.id)).toMatchObject({ state: 'settled' });
        expect(await scheduler.bringForward('1900000109.out_trade_no.UNKNOWN')).toBeUndefined();
      });

      it('makes a next attempt due now', async () => {
        const scheduler = await open();
        const job = jobOf('NEXT');
        await scheduler.schedule(job);
        const work = new NotedWork(({ attempt }) =>
          Promise.resolve(
            attempt === 1
              ? { kind: 'again', afterMs: 3_600_000, because: 'no answer' }
              : { kind: 'done', settlement: settlementOf(job) },
          ),
        );
        await scheduler.start(work, 5);
        await eventually(() => work.idsOf('again').length === 1);
        expect(await scheduler.bringForward(job.id)).toMatchObject({ state: 'waiting' });
        await eventually(() => work.idsOf('done').length === 1);
        expect(work.runs[1]).toMatchObject({ attempt: 2 });
      });

      it('begins afresh with one that was given up', async () => {
        const scheduler = await open();
        const job = jobOf('AFRESH');
        await scheduler.schedule(job);
        let isMended = false;
        const work = new NotedWork(() =>
          Promise.resolve({ kind: 'done', settlement: settlementOf(job, isMended ? 'CLOSED' : 'GIVEN_UP') }),
        );
        await scheduler.start(work, 5);
        await eventually(() => work.writtenVerdicts.length === 1);
        isMended = true;
        await store.pass(100);
        expect(await scheduler.bringForward(job.id)).toMatchObject({
          state: 'givenUp',
          settlement: { state: 'GIVEN_UP' },
        });
        await eventually(() => work.writtenVerdicts.length === 2);
        expect(work.runs[1]).toMatchObject({ job, attempt: 1 });
        expect(work.runs[1]).not.toHaveProperty('settlement');
        expect(work.runs[1]?.since).toBeGreaterThanOrEqual(job.closeAt + 100);
        expect(await scheduler.find(job.id)).toMatchObject({ state: 'settled', attempts: 1 });
      });

      it('leaves one that runs', async () => {
        const scheduler = await open();
        const job = jobOf('BUSY');
        await scheduler.schedule(job);
        let finish = () => {};
        const isHeld = new Promise<void>((resolve) => (finish = resolve));
        const work = new NotedWork(async () => {
          await isHeld;
          return { kind: 'done', settlement: settlementOf(job) };
        });
        await scheduler.start(work, 5);
        await eventually(() => work.running === 1);
        expect(await scheduler.bringForward(job.id)).toMatchObject({ state: 'running' });
        finish();
        await eventually(() => work.idsOf('done').length === 1);
        expect(work.runs).toHaveLength(1);
      });
    });

    describe('stop', () => {
      it('waits for what runs, and hands out nothing more', async () => {
        const scheduler = await open();
        const job = jobOf('DRAINED');
        await scheduler.schedule(job);
        const work = new NotedWork(async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { kind: 'done', settlement: settlementOf(job) };
        });
        await scheduler.start(work, 5);
        await eventually(() => work.running === 1);
        await scheduler.stop(5_000);
        expect(work.writtenVerdicts).toEqual([[job.id, 'done']]);
        const next = jobOf('AFTER');
        expect(await scheduler.schedule(next)).toMatchObject({ isNew: true });
        await store.pass(50);
        expect(work.runs).toHaveLength(1);
        expect(await scheduler.find(next.id)).toMatchObject({ state: 'waiting' });
      });

      it('aborts what still runs when the budget is spent, and gives it back at once', async () => {
        const [first, second] = [await open(), await open()];
        const job = jobOf('ABORTED');
        await first.schedule(job);
        const work = new NotedWork(
          (_, signal) =>
            new Promise((resolve) => {
              signal.addEventListener('abort', () => resolve({ kind: 'released' }));
            }),
        );
        await first.start(work, 5);
        await eventually(() => work.running === 1);
        await first.stop(50);
        const next = new NotedWork();
        await second.start(next, 5);
        await eventually(() => next.idsOf('done').length === 1);
        expect(next.runs[0]).toMatchObject({ job, attempt: 1 });
      });

      it('does not wait for work that ignores its signal', async () => {
        const scheduler = await open();
        await scheduler.schedule(jobOf('DEAF'));
        const work = new NotedWork(() => new Promise(() => {}));
        await scheduler.start(work, 5);
        await eventually(() => work.running === 1);
        const begun = Date.now();
        await scheduler.stop(50);
        expect(Date.now() - begun).toBeLessThan(20_000);
      });
    });

    it('counts', async () => {
      const scheduler = await open();
      expect(await scheduler.stats()).toEqual({
        waiting: 0,
        due: 0,
        running: 0,
        settled: 0,
        givenUp: 0,
        oldestOverdueMs: 0,
      });
      await scheduler.schedule(jobOf('OVERDUE', { closeAt: store.now() - 5_000 }));
      await scheduler.schedule(jobOf('DUE', { closeAt: store.now() - 1_000 }));
      await scheduler.schedule(jobOf('FAR', { closeAt: later() }));
      const stats = await scheduler.stats();
      expect(stats).toMatchObject({ waiting: 3, due: 2, running: 0 });
      expect(stats.oldestOverdueMs).toBeGreaterThanOrEqual(5_000);
      expect(stats.oldestOverdueMs).toBeLessThan(60_000);
      const work = new NotedWork();
      await scheduler.start(work, 5);
      await eventually(() => work.writtenVerdicts.length === 2);
      expect(await scheduler.stats()).toEqual({
        waiting: 1,
        due: 0,
        running: 0,
        settled: 2,
        givenUp: 0,
        oldestOverdueMs: 0,
      });
    });
  });
}
