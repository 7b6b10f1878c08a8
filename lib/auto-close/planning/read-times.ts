import type { RequestIssue } from '../../errors/invalid-request.error.js';
import { FURTHEST_MS } from '../auto-close.constants.js';
import type { CloseTime, OrderToClose, PendingOrder } from '../schedule-close.js';

/** How far another machine's clock may be ahead. */
const SKEW_MS = 300_000;
const TIME_RULE = 'must be a date, or milliseconds since 1970';
const ONE_RULE = 'or closeAfter must be given, one of the two';

/**
 * When an order is to be closed.
 *
 * @param close - as the application gave it
 * @param now - in milliseconds
 * @param issues - takes every fault
 * @returns milliseconds since 1970; of no use where there is a fault
 */
export function readClosingTime(close: CloseTime, now: number, issues: RequestIssue[]): number {
  const { closeAt, closeAfter } = close;
  if ((closeAt === undefined) === (closeAfter === undefined)) {
    issues.push({ field: 'closeAt', rule: ONE_RULE });
    return now;
  }
  if (closeAfter !== undefined) {
    if (typeof closeAfter === 'number' && closeAfter >= 0 && closeAfter <= FURTHEST_MS)
      return Math.ceil(now + closeAfter);
    issues.push({ field: 'closeAfter', rule: 'must be milliseconds, from 0 to 7 days' });
    return now;
  }
  const time = asTime(closeAt);
  if (time === undefined) issues.push({ field: 'closeAt', rule: TIME_RULE });
  else if (time < now)
    issues.push({
      field: 'closeAt',
      rule: `is past: it is ${inUtc(now)} here. Check the clock, or give closeAfter: 0`,
    });
  else checkFurthest(time, now, issues);
  return time ?? now;
}

/** When an order is to be closed whose time may be past: now at the earliest. */
export function readLateTime({ closeAt }: PendingOrder, now: number, issues: RequestIssue[]): number {
  const time = closeAt === undefined ? now : asTime(closeAt);
  if (time === undefined) issues.push({ field: 'closeAt', rule: TIME_RULE });
  else checkFurthest(time, now, issues);
  return Math.max(now, time ?? now);
}

/** When an order was placed: now, where it is not known, since it is scheduled first. */
export function readCreation({ createdAt }: OrderToClose, now: number, issues: RequestIssue[]): number {
  const time = createdAt === undefined ? now : asTime(createdAt);
  if (time === undefined) issues.push({ field: 'createdAt', rule: TIME_RULE });
  else if (time > now + SKEW_MS) issues.push({ field: 'createdAt', rule: `is ahead: it is ${inUtc(now)} here` });
  return time ?? now;
}

function checkFurthest(time: number, now: number, issues: RequestIssue[]): void {
  if (time > now + FURTHEST_MS) issues.push({ field: 'closeAt', rule: 'is more than 7 days ahead' });
}

function asTime(given: unknown): number | undefined {
  if (!(given instanceof Date) && typeof given !== 'number') return undefined;
  const time = Math.ceil(Number(given));
  return Number.isNaN(new Date(time).getTime()) ? undefined : time;
}

function inUtc(time: number): string {
  return new Date(time).toISOString();
}
