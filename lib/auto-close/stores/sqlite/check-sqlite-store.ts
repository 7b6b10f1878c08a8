import type { OptionReport } from '../../../options/option-report.js';
import { checkNumbers } from '../../configuration/check-numbers.js';
import { SQLITE_DRIVERS } from './sqlite-driver.js';

const NUMBERS = { leaseMs: [1_000, 3_600_000], pollMs: [1, 60_000] } as const;

/**
 * Checks the options of a SQLite file.
 *
 * @param given - as the application gave them
 * @param report - takes every fault
 */
export function checkSqliteStore(given: object, report: OptionReport): void {
  report.refuseUnknown(given, ['kind', 'file', 'driver', ...Object.keys(NUMBERS)]);
  const options = new Map<string, unknown>(Object.entries(given));
  const file = options.get('file');
  if (typeof file !== 'string' || file === '') {
    report
      .at('file')
      .fault("is no path; give the path of a file that auto-close has to itself, such as 'data/auto-close.db'");
  } else if (file.startsWith(':') || file.startsWith('file:')) {
    report.at('file').fault('is no path; scheduled orders must survive the process, so give a file on a disk');
  }
  const driver = options.get('driver');
  if (driver !== undefined && !SQLITE_DRIVERS.some((known) => known === driver)) {
    report.at('driver').fault(`is not one of ${SQLITE_DRIVERS.join(', ')}`);
  }
  checkNumbers(given, NUMBERS, report);
}
