import { kindOf } from '../../options/kind-of.js';
import { OptionReport } from '../../options/option-report.js';
import type { AutoCloseModuleOptions } from '../auto-close.options.js';
import { AutoCloseConfigurationError } from '../errors/auto-close-configuration.error.js';
import { AutoCloseSettings } from './auto-close-settings.js';
import { checkNumbers } from './check-numbers.js';
import { checkStore } from './check-store.js';

const HOUR_MS = 3_600_000;
const MONTH_MS = 31 * 24 * HOUR_MS;

/** Lowest and highest value of each number, by its option. */
const NUMBERS = {
  concurrency: [1, 1_000],
  settleWithinMs: [1, HOUR_MS],
  giveUpAfterMs: [0, MONTH_MS],
  notFoundAfterMs: [0, HOUR_MS],
  handlerTimeoutMs: [1, HOUR_MS],
  drainMs: [0, HOUR_MS],
  keepSettledForMs: [0, 12 * MONTH_MS],
} as const;
const PAUSES = { baseMs: [1, HOUR_MS], maxMs: [1, HOUR_MS] } as const;
const OTHERS = ['store', 'worker', 'variants', 'retry', 'observer'];

/**
 * Checks all options, so that the module cannot start with wrong ones.
 *
 * @param options - what `forRoot` was given; nothing is taken for granted
 * @throws {@link AutoCloseConfigurationError} with every fault
 */
export function readSettings(options: AutoCloseModuleOptions): AutoCloseSettings {
  const report = new OptionReport();
  if (typeof options !== 'object' || options === null) {
    report.fault(
      `are ${kindOf(options)}; give forRoot({ store: { kind: 'sqlite', file } }), or return that from the factory`,
    );
  } else check(options, report);
  if (report.issues.length > 0) throw new AutoCloseConfigurationError(report.issues);
  return new AutoCloseSettings(options);
}

function check(options: AutoCloseModuleOptions, report: OptionReport): void {
  report.refuseUnknown(options, [...OTHERS, ...Object.keys(NUMBERS)]);
  checkStore(options.store, report.at('store'));
  if (options.worker !== undefined && typeof options.worker !== 'boolean') {
    report.at('worker').fault(`is ${kindOf(options.worker)}; give true or false`);
  }
  const isList: boolean = options.variants === undefined || Array.isArray(options.variants);
  if (!isList) report.at('variants').fault(`is ${kindOf(options.variants)}; give an array of variants`);
  if (options.observer !== undefined && typeof options.observer !== 'object') {
    report.at('observer').fault(`is ${kindOf(options.observer)}; give an object of callbacks`);
  }
  checkNumbers(options, NUMBERS, report);
  if (options.retry === undefined) return;
  if (typeof options.retry !== 'object' || options.retry === null) {
    report.at('retry').fault(`is ${kindOf(options.retry)}; give { baseMs?, maxMs? }`);
    return;
  }
  report.at('retry').refuseUnknown(options.retry, Object.keys(PAUSES));
  checkNumbers(options.retry, PAUSES, report.at('retry'));
}
