import { kindOf } from '../../options/kind-of.js';
import type { OptionReport } from '../../options/option-report.js';
import { CloseScheduler } from '../scheduling/close-scheduler.js';
import { checkBullmqStore } from '../stores/bullmq/check-bullmq-store.js';
import { checkSqliteStore } from '../stores/sqlite/check-sqlite-store.js';
import type { StoreOptions } from '../stores/store-options.js';

/** Checks the options of each kind of store. */
const CHECKS: Readonly<
  Record<Exclude<StoreOptions, CloseScheduler>['kind'], (given: object, report: OptionReport) => void>
> = { sqlite: checkSqliteStore, bullmq: checkBullmqStore };

/**
 * Checks which store was chosen. Nothing of it is loaded or opened.
 *
 * @param store - as the application gave it
 * @param report - takes every fault
 */
export function checkStore(store: unknown, report: OptionReport): void {
  if (store instanceof CloseScheduler) return;
  if (typeof store !== 'object' || store === null) {
    report.fault(`is ${kindOf(store)}; give { kind: 'sqlite', file: 'data/auto-close.db' }`);
    return;
  }
  const kind: unknown = 'kind' in store ? store.kind : undefined;
  const check = new Map<unknown, (typeof CHECKS)[keyof typeof CHECKS]>(Object.entries(CHECKS)).get(kind);
  if (check === undefined) report.at('kind').fault(`is not one of ${Object.keys(CHECKS).join(', ')}`);
  else check(store, report);
}
