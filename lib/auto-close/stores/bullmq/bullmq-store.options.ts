/**
 * A queue of BullMQ 6, for any number of instances on any number of machines, in Redis or in PostgreSQL. Install `bullmq` and
 * `ioredis`, or `bullmq` and `pg`.
 */
export interface BullmqStoreOptions {
  readonly kind: 'bullmq';
  /** Where it is: `redis://`, `rediss://`, `postgres://` or `postgresql://`, with user and password where they are needed. */
  readonly url?: string;
  /**
   * In place of `url`: `{ redis }` with the options of ioredis, for example for Sentinel or certificates, or `{ postgres }` with
   * those of a pool of pg, or with a pool that exists and stays yours. Such a pool needs at least three connections whose
   * `search_path` is `bullmq`, where the tables then are.
   */
  readonly connection?: { readonly redis: object } | { readonly postgres: object };
  /**
   * Keeps this queue apart from others: what the keys in Redis begin with, or the schema in PostgreSQL. Instances that share a
   * store give the same.
   *
   * @default 'wechatpay'
   */
  readonly prefix?: string;
  /**
   * Whether the tables in PostgreSQL are made where they are missing. With `false`, run `runMigrations` of bullmq yourself.
   *
   * @default true
   */
  readonly migrate?: boolean;
  /**
   * How long a process has a job before others may take it over, in milliseconds, from 1,000 on. It is renewed while the job runs.
   *
   * @default 30000
   */
  readonly lockMs?: number;
  /**
   * How often to look for jobs whose process died, in milliseconds, from 1,000 on. Below 15,000, several processes on PostgreSQL
   * get into each other's way.
   *
   * @default 15000
   */
  readonly stalledMs?: number;
}
