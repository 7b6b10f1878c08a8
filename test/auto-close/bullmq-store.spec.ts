import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { asyncScheduler } from 'rxjs';

import type { CloseScheduler } from '../../lib/auto-close/scheduling/close-scheduler.js';
import type { CloseJob } from '../../lib/auto-close/scheduling/close-job.js';
import { CloseStoreError } from '../../lib/auto-close/errors/close-store.error.js';
import { BullmqCloseScheduler } from '../../lib/auto-close/stores/bullmq/bullmq-close-scheduler.js';
import type { BullmqStoreOptions } from '../../lib/auto-close/stores/bullmq/bullmq-store.options.js';
import type { CloseWorker } from '../../lib/auto-close/stores/bullmq/close-queue.js';
import { ClosingWorker } from '../../lib/auto-close/stores/bullmq/closing-worker.js';
import { openPostgres } from '../../lib/auto-close/stores/bullmq/postgres-engine.js';
import { openRedis } from '../../lib/auto-close/stores/bullmq/redis-engine.js';
import { serverOf } from '../../lib/auto-close/stores/bullmq/server-of.js';
import { Trouble } from '../../lib/auto-close/stores/bullmq/trouble.js';
import { delayAfter } from '../../lib/auto-close/stores/bullmq/verdict-errors.js';
import { type BullmqHarness, bullmqHarness } from './bullmq-harness.js';
import { NotedWork, settlementOf } from './conformance.js';
import { CuttableProxy } from './cuttable-proxy.js';
import { eventually } from './eventually.js';
import { realStores } from './real-stores.js';

jest.setTimeout(60_000);

const jobOf = (number: string, closeAt = Date.now()): CloseJob => ({
  id: `1900000109.out_trade_no.${number}`,
  variant: 'direct',
  request: { out_trade_no: number },
  order: { mchid: '1900000109', out_trade_no: number },
  closeAt,
  createdAt: closeAt,
  scheduledAt: closeAt,
});

const environment = (reports: string[] = []) => ({
  clock: { now: () => Date.now() },
  randomness: { next: () => 0.5 },
  scheduler: asyncScheduler,
  keepSettledForMs: 3_600_000,
  report: (problem: string) => void reports.push(problem),
});

/** How many workers of a queue in Redis wait for a job. */
async function idleWorkers({ url = '', prefix = '' }: BullmqStoreOptions): Promise<number> {
  const client = new Redis(url);
  try {
    const clients = String(await client.client('LIST')).split('\n');
    return clients.filter((each) => each.includes(` name=${prefix}:`) && each.includes(' cmd=bzpopmin')).length;
  } finally {
    client.disconnect();
  }
}

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<CloseStoreError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CloseStoreError);
  return error as CloseStoreError;
}

describe('A store on BullMQ that cannot be reached', () => {
  it.each(['redis://shop:secret-word@127.0.0.1:1/0', 'postgres://shop:secret-word@127.0.0.1:1/shop'])(
    '%s fails to open at once, says where, and tells no password',
    async (url) => {
      const scheduler = new BullmqCloseScheduler({ kind: 'bullmq', url }, environment());
      const error = await rejection(scheduler.open());
      expect(error).toMatchObject({ fault: 'open' });
      expect(error.message).toMatch(
        /^(Redis|PostgreSQL) at 127\.0\.0\.1:1 cannot be used by auto-close \(.*ECONNREFUSED/,
      );
      expect(inspect(error, { depth: 9 })).not.toContain('secret-word');
      await scheduler.close();
    },
  );
});

for (const store of await realStores()) {
  describe(`BullMQ on ${store.name}`, () => {
    let harness: BullmqHarness;
    /** What ends what a test has begun, also one that failed; the last first. */
    let endings: (() => Promise<void>)[];
    beforeEach(async () => {
      harness = await bullmqHarness(store);
      endings = [() => harness.destroy()];
    });
    afterEach(async () => {
      for (const end of endings.toReversed()) await end();
    });
    const endLater = (scheduler: CloseScheduler) =>
      endings.push(async () => {
        await scheduler.stop(0);
        await scheduler.close();
      });
    const open = async (change: Partial<BullmqStoreOptions> = {}) => {
      const scheduler = await harness.open(change);
      endLater(scheduler);
      return scheduler;
    };
    const openEngine = async () => {
      const engine = await (store.name === 'Redis' ? openRedis : openPostgres)(
        serverOf(harness.options)!,
        harness.options,
        () => {},
        () => {},
      );
      endings.push(() => engine.close());
      return engine;
    };
    const workerSettings = {
      concurrency: 5,
      lockDuration: 30_000,
      stalledInterval: 1_000,
      maxStalledCount: 9,
      runRetryDelay: 1_000,
      settings: { backoffStrategy: delayAfter },
    };

    it('never removes a job that ran: each of 200 that are cancelled as they come due is cancelled or recorded', async () => {
      const [worker, other] = [await open(), await open()];
      let due = 0;
      let jobs: CloseJob[] = [];
      // All must be scheduled before the first is due, however slow the machine is.
      for (let ahead = 2_000; Date.now() > due - 200; ahead *= 2) {
        for (const { id } of jobs) await other.cancel(id);
        due = Date.now() + ahead;
        jobs = Array.from({ length: 200 }, (_, index) => jobOf(`RACE${index}`, due + index * 4));
        await Promise.all(jobs.map((job) => other.schedule(job)));
      }
      const work = new NotedWork();
      await worker.start(work, 20);
      const cancelled: string[] = [];
      await Promise.all(
        jobs.map(async (job, index) => {
          // A few are surely cancelled before they are due, and a few surely when they are recorded: the others race.
          const moment = index % 20 === 0 ? 0 : due + index * 4 + (index % 9) * 8 - 40;
          await new Promise((resolve) => setTimeout(resolve, moment - Date.now()));
          if (index % 20 === 1) await eventually(() => work.idsOf('done').includes(job.id));
          if ((await other.cancel(job.id))?.state === 'waiting') cancelled.push(job.id);
        }),
      );
      await eventually(() => work.idsOf('done').length + cancelled.length >= jobs.length);
      await harness.pass(200);
      const done = work.idsOf('done');
      expect(done.filter((id) => cancelled.includes(id))).toEqual([]);
      expect(new Set([...done, ...cancelled]).size).toBe(jobs.length);
      expect(await other.stats()).toMatchObject({ settled: done.length, waiting: 0, running: 0 });
      expect(Math.min(done.length, cancelled.length)).toBeGreaterThan(0);
    });

    describe('whose connection breaks', () => {
      let proxy: CuttableProxy;
      beforeEach(async () => {
        proxy = new CuttableProxy(new URL(store.url));
        await proxy.open();
      });
      afterEach(() => proxy.cut());

      it('refuses to schedule at once, and serves again when the server is back', async () => {
        const scheduler = await open({ url: proxy.url });
        const work = new NotedWork();
        await scheduler.start(work, 5);
        await scheduler.schedule(jobOf('BEFORE'));
        await eventually(() => work.idsOf('done').length === 1);
        await proxy.cut();
        const begun = Date.now();
        expect(await rejection(scheduler.schedule(jobOf('DURING')))).toMatchObject({ fault: 'unavailable' });
        expect(await rejection(scheduler.stats())).toMatchObject({ fault: 'unavailable' });
        expect(Date.now() - begun).toBeLessThan(15_000);
        await proxy.open();
        await eventually(async () => {
          const scheduled = await scheduler.schedule(jobOf('AFTER')).catch(() => undefined);
          return scheduled !== undefined;
        });
        await eventually(() => work.idsOf('done').includes(jobOf('AFTER').id));
        expect(harness.reports.join()).toMatch(/check the server/);
      });

      it('shuts down all the same, and looks for the server no more', async () => {
        const scheduler = await open({ url: proxy.url });
        await scheduler.start(new NotedWork(), 5);
        await harness.pass(200);
        await proxy.cut();
        const begun = Date.now();
        await scheduler.stop(100);
        await scheduler.close();
        expect(Date.now() - begun).toBeLessThan(20_000);
        await proxy.open();
        await harness.pass(2_500);
        expect(proxy.connections).toBe(0);
      });

      it('loses its job to another worker, whose verdict alone counts', async () => {
        const soon = { lockMs: 1_000, stalledMs: 1_000 };
        const [cut, other] = [await open({ url: proxy.url, ...soon }), await open(soon)];
        const job = jobOf('TAKEN-OVER');
        await other.schedule(job);
        let finish = () => {};
        const isHeld = new Promise<void>((resolve) => (finish = resolve));
        const slow = new NotedWork(async () => {
          await isHeld;
          return { kind: 'done', settlement: settlementOf(job, 'GIVEN_UP') };
        });
        await cut.start(slow, 5);
        await eventually(() => slow.running === 1);
        await proxy.cut();
        const quick = new NotedWork();
        await other.start(quick, 5);
        await eventually(() => quick.idsOf('done').length === 1);
        await proxy.open();
        finish();
        await eventually(() => slow.outrunIds.length === 1);
        expect(slow.writtenVerdicts).toEqual([]);
        expect(await other.find(job.id)).toMatchObject({ state: 'settled', settlement: { state: 'CLOSED' } });
      });
    });

    it('replaces a worker that has stopped while orders are overdue', async () => {
      const engine = await openEngine();
      const scheduler = await open();
      const reports: string[] = [];
      const work = new NotedWork();
      const made: CloseWorker[] = [];
      const worker = new ClosingWorker(
        {
          ...engine,
          createWorker: (processor, settings) => {
            const each = engine.createWorker(processor, settings);
            made.push(each);
            return each;
          },
        },
        work,
        environment(reports),
        workerSettings,
        () => scheduler.stats(),
        new Trouble(environment(reports)),
      );
      endings.push(() => worker.stop(1_000));
      // It stops without a word, as one does that has lost its connection for good.
      await harness.pass(100);
      await made[0]?.close(true);
      await scheduler.schedule(jobOf('FORGOTTEN', Date.now() - 61_000));
      await worker.watch();
      await eventually(() => work.idsOf('done').length === 1);
      expect(made).toHaveLength(2);
      expect(reports.join()).toMatch(/this worker takes none, so it is replaced/);
    });

    it('counts what is overdue among many', async () => {
      const scheduler = await open();
      const now = Date.now();
      for (let index = 0; index < 37; index++) await scheduler.schedule(jobOf(`OLD${index}`, now - 10_000 + index));
      for (let index = 0; index < 90; index++) await scheduler.schedule(jobOf(`NEW${index}`, now + 3_600_000 + index));
      const stats = await scheduler.stats();
      expect(stats).toMatchObject({ waiting: 127, due: 37 });
      expect(stats.oldestOverdueMs).toBeGreaterThanOrEqual(10_000);
    });

    it('holds what cannot be read, and goes on with the others', async () => {
      const scheduler = await open();
      const queue = scheduler.queue as { add(name: string, data: unknown, options: object): Promise<unknown> };
      await queue.add('direct', { job: { id: 'no job' } }, { jobId: 'no-job' });
      const work = new NotedWork();
      await scheduler.start(work, 5);
      await scheduler.schedule(jobOf('WHOLE'));
      await eventually(() => work.idsOf('done').length === 1);
      await eventually(async () => (await scheduler.stats()).givenUp === 1);
      expect(harness.reports.join()).toMatch(/auto-close has stored of no-job cannot be read/);
    });

    it('is the same with the options of the driver as with a URL', async () => {
      const { hostname, port, username, pathname } = new URL(store.url);
      const redis = { host: hostname, port: Number(port || 6379) };
      const postgres = { host: hostname, port: Number(port || 5432), user: username, database: pathname.slice(1) };
      const { url: _, ...options } = harness.options;
      const scheduler = new BullmqCloseScheduler(
        { ...options, connection: store.name === 'Redis' ? { redis } : { postgres } },
        environment(),
      );
      endLater(scheduler);
      await scheduler.open();
      await scheduler.schedule(jobOf('SAME', Date.now() + 60_000));
      expect(await (await open()).find(jobOf('SAME').id)).toMatchObject({ state: 'waiting' });
    });

    if (store.name === 'Redis') {
      it('takes nothing more by a worker that was closed by force', async () => {
        const engine = await openEngine();
        const scheduler = await open();
        const taken: unknown[] = [];
        const workers = Array.from({ length: 20 }, () =>
          engine.createWorker((queued) => Promise.resolve(taken.push(queued.id)), workerSettings),
        );
        for (const worker of workers) worker.on('error', () => {});
        // They are told of a job at the moment that they are closed.
        await eventually(async () => (await idleWorkers(harness.options)) === workers.length);
        await Promise.all(workers.map((worker) => worker.close(true)));
        await scheduler.schedule(jobOf('UNTAKEN'));
        const work = new NotedWork();
        await scheduler.start(work, 5);
        await eventually(() => work.idsOf('done').length === 1);
        expect(taken).toEqual([]);
      });

      it('warns by name of what the server here lacks', async () => {
        await open();
        const client = new Redis(store.url);
        const info = await client.info();
        client.disconnect();
        const isPersistent = /^aof_enabled:1/m.test(info);
        expect(harness.reports.some((report) => report.includes('appendonly off'))).toBe(!isPersistent);
      });
    } else {
      /** Makes a pool as an application may have one. */
      const openPool = async (): Promise<pg.Pool> => {
        // The tables are then in the schema bullmq, so they get a database of their own.
        const name = harness.options.prefix;
        const url = new URL(store.url);
        url.pathname = `/${name}`;
        const admin = new pg.Client({ connectionString: store.url });
        await admin.connect();
        await admin.query(`CREATE DATABASE ${name}`);
        endings.push(async () => {
          await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
          await admin.end();
        });
        const pool = new pg.Pool({ connectionString: url.href, options: '-c search_path=bullmq', max: 5 });
        endings.push(() => pool.end());
        return pool;
      };

      it("works on the application's own pool, and leaves it open", async () => {
        const pool = await openPool();
        const options = { kind: 'bullmq', connection: { postgres: pool } } as const;
        const scheduler = new BullmqCloseScheduler(options, environment());
        endLater(scheduler);
        await scheduler.open();
        const work = new NotedWork();
        await scheduler.start(work, 5);
        await scheduler.schedule(jobOf('POOL'));
        await eventually(() => work.idsOf('done').length === 1);
        await scheduler.stop(1_000);
        await scheduler.close();
        expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      });

      it.each([
        ['of its own', async () => harness.options],
        [
          'of a pool of the application',
          async () => ({ kind: 'bullmq', connection: { postgres: await openPool() } }) as const,
        ],
      ])('survives that the server ends a connection %s between two statements', async (_, optionsOf) => {
        const heard: Error[] = [];
        const options = await optionsOf();
        const engine = await openPostgres(
          serverOf(options)!,
          options,
          () => {},
          (error) => heard.push(error),
        );
        endings.push(() => engine.close());
        // BullMQ begins a transaction and then thinks: the server ends the connection meanwhile.
        const { connection } = (engine.queue as unknown as { backend: { connection: { pool: pg.Pool } } }).backend;
        const client = await connection.pool.connect();
        await client.query('BEGIN');
        const [own] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
        await connection.pool.query('SELECT pg_terminate_backend($1)', [own?.pid]);
        await eventually(() => heard.some(({ message }) => message.includes('terminating connection')));
        client.release(true);
        expect(await engine.queue.getJobCounts('delayed')).toMatchObject({ delayed: 0 });
      });

      it('says so where the tables are missing and are not to be made', async () => {
        const scheduler = new BullmqCloseScheduler({ ...harness.options, migrate: false }, environment());
        endLater(scheduler);
        const error = await rejection(scheduler.open());
        expect(error).toMatchObject({ fault: 'open' });
        expect(error.message).toMatch(/are missing or old .*runMigrations/);
      });

      it('leaves alone the tables of a later version of bullmq', async () => {
        await open();
        const client = new pg.Client({ connectionString: store.url });
        await client.connect();
        await client.query(`UPDATE ${harness.options.prefix}.migration SET min_client_version = 99`);
        await client.end();
        expect(await rejection(harness.open())).toMatchObject({ fault: 'newerSchema' });
      });
    }
  });
}
