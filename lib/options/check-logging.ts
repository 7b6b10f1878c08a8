import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import type { OptionReport } from './option-report.js';

const LEVELS: ReadonlySet<unknown> = new Set(['error', 'warn', 'log', false]);

/**
 * Checks `logging`.
 *
 * @param options - as the application gave them
 * @param report - takes every fault
 */
export function checkLogging({ logging }: WechatPayModuleOptions, report: OptionReport): void {
  if (logging === undefined || LEVELS.has(logging)) return;
  report.at('logging').fault("is not one of 'error', 'warn', 'log', false");
}
