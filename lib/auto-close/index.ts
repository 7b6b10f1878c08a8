export { AutoCloseModule } from './auto-close.module.js';
export type { AutoCloseModuleAsyncOptions, AutoCloseOptionsFactory } from './auto-close.module.js';
export type { AutoCloseModuleExtras } from './auto-close.module-definition.js';
export type { AutoCloseModuleOptions, AutoCloseRetryOptions } from './auto-close.options.js';
export type { AutoCloseObserver } from './auto-close.observer.js';
export { AUTO_CLOSE_MODULE_OPTIONS } from './auto-close.constants.js';

export { AutoCloseService } from './auto-close.service.js';
export type {
  Cancellation,
  CloseTime,
  Hurry,
  OrderName,
  OrderToClose,
  PendingOrder,
  Reconciliation,
  RequestOf,
  ScheduleClose,
  ScheduledClose,
  VariantChoice,
} from './schedule-close.js';
export type { PendingSource } from './planning/reconcile.js';
export type { AnyCloseVariant } from '../close-order/any-close-variant.js';
export type { BuiltInVariantName } from '../close-order/variants/built-in-variants.js';

export { OnSettlement } from './settlement.handler.js';
export type { SettlementHandler } from './settlement.handler.js';
export type {
  ClosedSettlement,
  GivenUpSettlement,
  GiveUpReason,
  NotFoundSettlement,
  PaidSettlement,
  Settlement,
} from './settlement.js';

export { AutoCloseConfigurationError } from './errors/auto-close-configuration.error.js';
export { CloseStoreError } from './errors/close-store.error.js';
export type { CloseStoreFault } from './errors/close-store.error.js';
export { InvalidScheduleError } from './errors/invalid-schedule.error.js';

export type { StoreOptions } from './stores/store-options.js';
export type { BullmqStoreOptions } from './stores/bullmq/bullmq-store.options.js';
export type { SqliteStoreOptions } from './stores/sqlite/sqlite-store.options.js';
export type { SqliteDriver } from './stores/sqlite/sqlite-driver.js';

export { CloseScheduler } from './scheduling/close-scheduler.js';
export type { CloseState, ScheduleResult, SchedulerStats, StoredClose } from './scheduling/close-scheduler.js';
export type { CloseJob } from './scheduling/close-job.js';
export type { ClaimedClose, CloseWork, Verdict } from './scheduling/close-work.js';
export type { StoreEnvironment } from './scheduling/store-environment.js';
