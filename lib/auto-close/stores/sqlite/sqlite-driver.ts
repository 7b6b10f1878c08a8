/** A value that SQLite takes here. `undefined` is none: `node:sqlite` refuses it. */
export type SqliteValue = string | number | null;

/** What is needed of a prepared statement. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { readonly changes: number | bigint };
  all(...values: SqliteValue[]): unknown[];
}

/** What is needed of a connection: what `node:sqlite`, `libsql` and `better-sqlite3` have in common. Every call is synchronous. */
export interface SqliteConnection {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

/** Opens a file. */
export type SqliteConnector = new (file: string) => SqliteConnection;

/** Which packages can open a file, in the order in which they are tried. */
export const SQLITE_DRIVERS = ['node:sqlite', 'libsql', 'better-sqlite3'] as const;

/** A package that can open a file. */
export type SqliteDriver = (typeof SQLITE_DRIVERS)[number];
