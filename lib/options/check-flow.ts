import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import { kindOf } from './kind-of.js';
import type { OptionReport } from './option-report.js';

const TIMEOUTS = {
  connectMs: [1, 600_000],
  attemptMs: [1, 600_000],
  totalMs: [1, 600_000],
  shutdownMs: [0, 600_000],
} as const;
const RETRY = { attempts: [1, 10], baseMs: [0, 60_000], maxMs: [0, 60_000] } as const;
const CONFIRM = ['never', 'onDoubt', 'always'];

/** Lowest and highest value of each number, by its option. */
export type Ranges = Readonly<Record<string, readonly [lowest: number, highest: number]>>;

/**
 * Checks time limits, retries and confirmation.
 *
 * @param options - as the application gave them
 * @param report - takes every fault
 */
export function checkFlow(options: WechatPayModuleOptions, report: OptionReport): void {
  checkRanges(options.timeouts, TIMEOUTS, report.at('timeouts'));
  checkRanges(options.retry, RETRY, report.at('retry'));
  if (options.confirm !== undefined && !CONFIRM.includes(options.confirm)) {
    report.at('confirm').fault(`is not one of ${CONFIRM.join(', ')}`);
  }
}

/**
 * Checks an option that holds whole numbers.
 *
 * @param numbers - as the application gave them
 * @param ranges - what they may be
 * @param report - takes every fault
 */
export function checkRanges(numbers: object | undefined, ranges: Ranges, report: OptionReport): void {
  if (numbers === undefined) return;
  if (typeof numbers !== 'object' || numbers === null) {
    report.fault(`is ${kindOf(numbers)}; give { ${Object.keys(ranges).join('?, ')}? }`);
    return;
  }
  report.refuseUnknown(numbers, Object.keys(ranges));
  const given = new Map<string, unknown>(Object.entries(numbers));
  for (const [name, [lowest, highest]] of Object.entries(ranges)) {
    const value = given.get(name);
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest)) {
      report.at(name).fault(`is not a whole number from ${lowest} to ${highest}`);
    }
  }
}
