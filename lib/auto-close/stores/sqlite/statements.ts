import type { SqliteConnection } from './sqlite-driver.js';

/** A row as it comes from a statement. */
export type SqliteRow = Readonly<Record<string, unknown>>;

/**
 * Runs something as one transaction that takes the right to write at its beginning, so that what it reads holds until it writes.
 *
 * @param connection - to the file
 * @param run - synchronous
 */
export function transaction<T>(connection: SqliteConnection, run: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = run();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      connection.exec('ROLLBACK');
    } catch {
      // Where the disk is full, SQLite has rolled back by itself, and what counts is why.
    }
    throw error;
  }
}

/**
 * The only row of a query.
 *
 * @param connection - to the file
 * @param sql - gives exactly one row
 */
export function oneRow(connection: SqliteConnection, sql: string): SqliteRow {
  return asRow(connection.prepare(sql).all()[0]);
}

/**
 * A row, known to be one.
 *
 * @throws TypeError if it is none
 */
export function asRow(value: unknown): SqliteRow {
  if (!isRow(value)) throw new TypeError('SQLite gave no row.');
  return value;
}

function isRow(value: unknown): value is SqliteRow {
  return typeof value === 'object' && value !== null;
}
