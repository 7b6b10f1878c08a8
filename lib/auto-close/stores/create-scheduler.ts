import { CloseScheduler } from '../scheduling/close-scheduler.js';
import type { StoreEnvironment } from '../scheduling/store-environment.js';
import type { StoreOptions } from './store-options.js';

/**
 * Makes the store that was chosen, and loads nothing of the others.
 *
 * @param options - checked
 * @param environment - what every store is given
 * @returns a store that is not open yet
 */
export async function createScheduler(options: StoreOptions, environment: StoreEnvironment): Promise<CloseScheduler> {
  if (options instanceof CloseScheduler) return options;
  switch (options.kind) {
    case 'sqlite': {
      const { SqliteCloseScheduler } = await import('./sqlite/sqlite-close-scheduler.js');
      return new SqliteCloseScheduler(options, environment);
    }
    case 'bullmq': {
      const { BullmqCloseScheduler } = await import('./bullmq/bullmq-close-scheduler.js');
      return new BullmqCloseScheduler(options, environment);
    }
  }
}
