import type { Settlement } from '../settlement.js';
import type { CloseJob } from './close-job.js';

const STATES: ReadonlySet<unknown> = new Set<Settlement['state']>(['CLOSED', 'PAID', 'NOT_FOUND', 'GIVEN_UP']);

/**
 * Reads a job as a store kept it.
 *
 * @param text - JSON
 * @throws TypeError or SyntaxError if it is none
 */
export function readJob(text: string): CloseJob {
  const value: unknown = JSON.parse(text);
  if (!isJob(value)) throw new TypeError('What the store kept is no job.');
  return value;
}

/**
 * Reads a settlement as a store kept it.
 *
 * @param text - JSON
 * @throws TypeError or SyntaxError if it is none
 */
export function readSettlement(text: string): Settlement {
  const value: unknown = JSON.parse(text);
  if (!isSettlement(value)) throw new TypeError('What the store kept is no settlement.');
  return value;
}

function isJob(value: unknown): value is CloseJob {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['variant'] === 'string' &&
    isObject(value['order']) &&
    Number.isFinite(value['closeAt']) &&
    Number.isFinite(value['createdAt']) &&
    Number.isFinite(value['scheduledAt'])
  );
}

function isSettlement(value: unknown): value is Settlement {
  return isObject(value) && STATES.has(value['state']) && isObject(value['order']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
