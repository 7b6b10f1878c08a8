import type { SqliteDriver } from './sqlite-driver.js';

/**
 * A SQLite file, for one machine: no server, durable against a power cut, shared by as many processes of the machine as you
 * like. Never on a network file system.
 */
export interface SqliteStoreOptions {
  readonly kind: 'sqlite';
  /** Path of the file, from the working directory. It and its folder are made where they are missing. */
  readonly file: string;
  /**
   * What opens the file. By default `node:sqlite` where this Node.js has it (from 22.13 on), else `libsql`, else
   * `better-sqlite3`, whichever is installed.
   */
  readonly driver?: SqliteDriver;
  /**
   * How long a process has a job before others may take it over, in milliseconds, from 1,000 on. It is renewed while the job
   * runs, so it is how soon the jobs of a process that was killed go on elsewhere.
   *
   * @default 60000
   */
  readonly leaseMs?: number;
  /**
   * How often to look for what other processes have scheduled, in milliseconds.
   *
   * @default 500
   */
  readonly pollMs?: number;
}
