import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import type { OptionReport } from './option-report.js';

const LEVELS: readonly unknown[] = ['error', 'warn', 'log', false];

/**
 * Checks `logging`.
 *
 * @param options - as the application gave them
 * @param report - takes every fault
 */
export function checkLogging({ logging }: WechatPayModuleOptions, report: OptionReport): void {
  if (logging === undefined || LEVELS.includes(logging)) return;
  report.at('logging').fault("is not one of 'error', 'warn', 'log', false");
}
