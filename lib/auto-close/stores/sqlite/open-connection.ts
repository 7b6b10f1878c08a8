import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { firstValueFrom, type SchedulerLike, timer } from 'rxjs';

import { CloseStoreError } from '../../errors/close-store.error.js';
import { inWords } from '../in-words.js';
import { isBusy } from './is-busy.js';
import { checkSchema, createSchema } from './schema.js';
import type { SqliteConnection, SqliteConnector } from './sqlite-driver.js';
import { oneRow } from './statements.js';

/** How long opening waits for another process to finish what it writes, in milliseconds. */
const OPENING_MS = 5_000;
/** How long a statement does later. The process stands still meanwhile, so whoever needs more tries again. */
const BUSY_MS = 20;
/** How often the change to WAL is tried: it does not wait for other processes by itself. */
const MOST_TRIES = 50;
const TRY_AGAIN_MS = 50;

/**
 * Opens a file, with its folder and its tables if they are missing.
 *
 * @param Connector - opens files
 * @param file - its path
 * @param scheduler - timers run on it
 * @throws {@link CloseStoreError} if it cannot be used, with what to do
 */
export async function openConnection(
  Connector: SqliteConnector,
  file: string,
  scheduler: SchedulerLike,
): Promise<SqliteConnection> {
  const path = resolve(file);
  let connection: SqliteConnection | undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    connection = new Connector(path);
    connection.exec(`PRAGMA busy_timeout = ${OPENING_MS}`);
    checkSchema(connection, path);
    await useWal(connection, path, scheduler);
    // Each commit reaches the disk before it is acknowledged. WAL alone would leave the last ones to a power cut.
    connection.exec('PRAGMA synchronous = FULL');
    createSchema(connection, path);
    connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return connection;
  } catch (error) {
    connection?.close();
    if (error instanceof CloseStoreError) throw error;
    throw new CloseStoreError(
      'open',
      `${path} cannot be opened as auto-close's SQLite file (${inWords(error)}): check store.file, and that this process may write to the folder.`,
      { cause: error },
    );
  }
}

async function useWal(connection: SqliteConnection, path: string, scheduler: SchedulerLike): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const { journal_mode } = oneRow(connection, 'PRAGMA journal_mode = WAL');
      if (journal_mode === 'wal') return;
      throw new CloseStoreError(
        'open',
        `${path} cannot use a write-ahead log: put it on a disk of this machine, not on a network file system.`,
      );
    } catch (error) {
      if (error instanceof CloseStoreError || tries >= MOST_TRIES || !isBusy(error)) throw error;
    }
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    await firstValueFrom(timer(TRY_AGAIN_MS, scheduler));
  }
}
