import type { CloseScheduler } from '../scheduling/close-scheduler.js';
import type { BullmqStoreOptions } from './bullmq/bullmq-store.options.js';
import type { SqliteStoreOptions } from './sqlite/sqlite-store.options.js';

/** Where scheduled closes are kept: one of the stores here by its `kind`, or a {@link CloseScheduler} of your own. */
export type StoreOptions = SqliteStoreOptions | BullmqStoreOptions | CloseScheduler;
