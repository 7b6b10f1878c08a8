import type { Ledger } from './ledger.js';
import { OUTCOMES } from './outcome-name.js';

/** What each outcome asks of a person. */
const ADVICE = {
  closed: '',
  paid: 'fulfil or refund',
  not_found: 'check number, merchant and variant',
  in_progress: 'run again in a while',
  needs_reverse: 'reverse, not close',
  refused: 'mend the configuration, then --retry refused',
  not_sent: 'mend the order, see message',
  unknown: 'run again; release no stock',
} as const;

/**
 * A table of how many orders came to what.
 *
 * @param ledger - with every outcome
 * @param records - how many orders there are
 */
export function summaryOf(ledger: Ledger, records: number): string {
  const counts = ledger.counts();
  const known = OUTCOMES.flatMap((outcome) => {
    const count = counts.get(outcome);
    return count === undefined ? [] : [[outcome, count, ADVICE[outcome]] as const];
  });
  const left = records - known.reduce((sum, [, count]) => sum + count, 0);
  const rows = [
    ...known,
    ...(left > 0 ? [['not tried', left, 'run again'] as const] : []),
    ['total', records, ''] as const,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const digits = Math.max(...rows.map(([, count]) => String(count).length));
  return rows
    .map(([name, count, advice]) => `${name.padEnd(width)}  ${String(count).padStart(digits)}  ${advice}`.trimEnd())
    .join('\n');
}

/** Whether every order is closed. */
export function areAllClosed(ledger: Ledger, records: number): boolean {
  return (ledger.counts().get('closed') ?? 0) === records;
}
