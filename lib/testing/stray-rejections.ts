import process from 'node:process';

import { demand } from './demand.js';
import { turns } from './patience.js';

/**
 * Runs something, and makes sure that it leaves no rejection behind that nobody handles: Node ends the process at one.
 * Jest keeps such events from tests and fails the test by itself.
 *
 * @param who - who must leave none
 * @param run - what to run
 * @throws Error if there was one; what `run` throws
 */
export async function withoutStrayRejections(who: string, run: () => Promise<void>): Promise<void> {
  const strays: unknown[] = [];
  const note = (reason: unknown) => strays.push(reason);
  process.on('unhandledRejection', note);
  try {
    await run();
    await turns();
  } finally {
    process.off('unhandledRejection', note);
  }
  demand(strays.length === 0, `${who} left a rejection that nobody handles, which ends a Node.js process.`, strays[0]);
}
