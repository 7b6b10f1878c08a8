import { CloseStoreError } from '../../errors/close-store.error.js';
import { oneRow, transaction } from './statements.js';
import type { SqliteConnection } from './sqlite-driver.js';

/** Marks a file as ours: "WPAc". */
const APPLICATION_ID = 0x57504163;
/** The version of the tables. A change of them raises it. */
const SCHEMA_VERSION = 1;

// The lease stands beside the due time, so that a job that is taken over is still known by when it was due. Both indexes leave
// out what a claim never looks at.
const TABLES = `
  CREATE TABLE closes (
    id TEXT NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    lease TEXT,
    lease_until INTEGER,
    settlement TEXT,
    recorded_at INTEGER,
    is_given_up INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX closes_due ON closes (due_at, lease_until) WHERE recorded_at IS NULL;
  CREATE INDEX closes_recorded ON closes (is_given_up, recorded_at) WHERE recorded_at IS NOT NULL;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Whether a file is one that this version may use. It is only read.
 *
 * @param connection - to the file
 * @param file - its name, for messages
 * @returns whether its tables are there already
 * @throws {@link CloseStoreError} if it is somebody else's, or a later version's
 */
export function checkSchema(connection: SqliteConnection, file: string): boolean {
  const { application_id, user_version, tables } = oneRow(
    connection,
    `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) AS tables
     FROM pragma_application_id, pragma_user_version`,
  );
  if (application_id !== APPLICATION_ID) {
    if (tables === 0 && user_version === 0) return false;
    throw new CloseStoreError(
      'foreign',
      `${file} holds another application's tables, and was left as it is: give auto-close a file of its own in store.file.`,
    );
  }
  if (Number(user_version) > SCHEMA_VERSION) {
    throw new CloseStoreError(
      'newerSchema',
      `${file} was written by a later version of nestjs-wechatpay (its schema is ${String(user_version)}, this version knows ${SCHEMA_VERSION}), and was left as it is: update nestjs-wechatpay here, too.`,
    );
  }
  return true;
}

/**
 * Makes the tables, unless another process has just done so.
 *
 * @param connection - to the file
 * @param file - its name, for messages
 */
export function createSchema(connection: SqliteConnection, file: string): void {
  transaction(connection, () => {
    if (!checkSchema(connection, file)) connection.exec(TABLES);
  });
}
