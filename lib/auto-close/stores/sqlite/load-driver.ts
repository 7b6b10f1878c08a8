import { CloseStoreError } from '../../errors/close-store.error.js';
import { importOptional } from '../../../environment/import-optional.js';
import { SQLITE_DRIVERS, type SqliteConnector, type SqliteDriver } from './sqlite-driver.js';

/**
 * Loads what opens SQLite files: `node:sqlite` where this Node.js has it, else a package that is installed.
 *
 * @param named - the only one to try, if the application names one
 * @throws {@link CloseStoreError} with the exact command, where there is none
 */
export async function loadDriver(named?: SqliteDriver): Promise<SqliteConnector> {
  for (const name of named === undefined ? SQLITE_DRIVERS : [named]) {
    // oxlint-disable-next-line no-await-in-loop -- what need not be loaded is not
    const connector = await load(name);
    if (connector !== undefined) return connector;
  }
  throw new CloseStoreError('package', missing(named));
}

async function load(name: SqliteDriver): Promise<SqliteConnector | undefined> {
  if (name === 'node:sqlite') {
    const builtIn: unknown = process.getBuiltinModule(name);
    return memberOf(builtIn, 'DatabaseSync');
  }
  return memberOf(await importOptional(name), 'default');
}

function memberOf(module: unknown, name: string): SqliteConnector | undefined {
  if (typeof module !== 'object' || module === null) return undefined;
  const member: unknown = Reflect.get(module, name);
  return isConnector(member) ? member : undefined;
}

function isConnector(member: unknown): member is SqliteConnector {
  return typeof member === 'function';
}

function missing(named: SqliteDriver | undefined): string {
  const version = process.versions.node;
  if (named === 'node:sqlite') {
    return `Node.js ${version} has no node:sqlite; it is there from 22.13 on. Use a newer one, or leave driver out and run: npm i libsql`;
  }
  const what = named ?? 'libsql';
  const why = named === undefined ? `, as Node.js ${version} has no SQLite of its own (from 22.13 on it has)` : '';
  return `Auto-close with a SQLite file needs the package ${what}${why}. Run: npm i ${what}`;
}
