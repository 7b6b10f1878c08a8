import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import { kindOf } from './kind-of.js';
import type { OptionReport } from './option-report.js';

const LONGEST_TIMEOUT_MS = 600_000;

/**
 * Checks the time limits.
 *
 * @param options - as the application gave them
 * @param report - takes every fault
 */
export function checkTimeouts({ timeouts }: WechatPayModuleOptions, report: OptionReport): void {
  if (timeouts === undefined) return;
  if (typeof timeouts !== 'object' || timeouts === null) {
    report.fault(`is ${kindOf(timeouts)}; give { attemptMs }`);
    return;
  }
  report.refuseUnknown(timeouts, ['attemptMs']);
  const { attemptMs } = timeouts;
  const inRange = Number.isInteger(attemptMs) && Number(attemptMs) >= 1 && Number(attemptMs) <= LONGEST_TIMEOUT_MS;
  if (attemptMs !== undefined && !inRange) {
    report.at('attemptMs').fault(`is not a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`);
  }
}
