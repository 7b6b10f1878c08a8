import type { StoredClose } from '../../scheduling/close-scheduler.js';
import type { ClaimedClose } from '../../scheduling/close-work.js';
import { readJob, readSettlement } from '../../scheduling/job-json.js';
import type { SqliteRow } from './statements.js';

/**
 * A row as the port tells it.
 *
 * @param row - of the table
 * @param now - whether its lease has run out depends on it
 */
export function storedOf(row: SqliteRow, now: number): StoredClose {
  return { ...common(row), state: stateOf(row, now), attempts: Number(row['attempts']) };
}

/** A row that was claimed, as the port tells it. */
export function claimedOf(row: SqliteRow): ClaimedClose {
  if (readJob(String(row['job'])).id !== row['id']) throw new TypeError('The job belongs to another row.');
  return { ...common(row), attempt: Number(row['attempts']), since: Number(row['since']) };
}

function common(row: SqliteRow) {
  const { job, settlement, due_at } = row;
  return {
    job: readJob(String(job)),
    dueAt: Number(due_at),
    ...(typeof settlement === 'string' && { settlement: readSettlement(settlement) }),
  };
}

function stateOf({ recorded_at, is_given_up, lease_until }: SqliteRow, now: number): StoredClose['state'] {
  if (recorded_at !== null) return is_given_up === 1 ? 'givenUp' : 'settled';
  return lease_until !== null && Number(lease_until) > now ? 'running' : 'waiting';
}
