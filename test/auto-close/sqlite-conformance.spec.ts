import { jest } from '@jest/globals';

import { SQLITE_DRIVERS } from '../../lib/auto-close/stores/sqlite/sqlite-driver.js';
import { loadDriver } from '../../lib/auto-close/stores/sqlite/load-driver.js';
import { describeCloseScheduler } from './conformance.js';
import { sqliteHarness } from './sqlite-harness.js';

jest.setTimeout(60_000);

/** Every driver that this Node.js and this installation can load; there is at least one. */
const loadable = await Promise.all(
  SQLITE_DRIVERS.map(async (driver) => ((await loadDriver(driver).catch(() => undefined)) ? [driver] : [])),
);

for (const driver of loadable.flat()) {
  describeCloseScheduler(`A SQLite file through ${driver}`, () => sqliteHarness({ driver }));
}
