import type { OptionReport } from '../../options/option-report.js';

/** Lowest and highest value of each number, by its option. */
export type Ranges = Readonly<Record<string, readonly [lowest: number, highest: number]>>;

/**
 * Checks options that are whole numbers. One that is left out is right.
 *
 * @param options - where they stand
 * @param ranges - which they are
 * @param report - takes every fault
 */
export function checkNumbers(options: object, ranges: Ranges, report: OptionReport): void {
  const given = new Map<string, unknown>(Object.entries(options));
  for (const [name, [lowest, highest]] of Object.entries(ranges)) {
    const value = given.get(name);
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest)) {
      report.at(name).fault(`is not a whole number from ${lowest} to ${highest}`);
    }
  }
}
