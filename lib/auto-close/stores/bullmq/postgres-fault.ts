import { CloseStoreError } from '../../errors/close-store.error.js';
import { inWords } from '../in-words.js';

/**
 * Why a queue in PostgreSQL cannot be opened, with what to do.
 *
 * @param name - of the server
 * @param error - of BullMQ or of its driver
 */
export function postgresFault(name: string, error: unknown): CloseStoreError {
  if (error instanceof CloseStoreError) return error;
  const kind = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
  const said = inWords(error);
  if (kind === 'SchemaVersionMismatchError') {
    return new CloseStoreError(
      'newerSchema',
      `The tables of auto-close in ${name} belong to another version of bullmq (${said}): use the same one everywhere.`,
    );
  }
  if (kind === 'SchemaMigrationRequiredError') {
    return new CloseStoreError(
      'open',
      `The tables of auto-close in ${name} are missing or old (${said}): leave store.migrate out, or run runMigrations of bullmq.`,
    );
  }
  return new CloseStoreError(
    'open',
    `${name} cannot be used by auto-close (${said}): check store.url or store.connection, that the server runs, and that the user may create a schema.`,
  );
}
