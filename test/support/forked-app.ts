import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs an application of `test/e2e/fixtures` in a process of its own, with the built package: `npm test` builds it first. The process is
 * gone afterwards, however the test ends.
 *
 * @param fixture - the file's name
 * @param use - what is done with it, once it is ready
 */
export async function withForkedApp(fixture: string, use: (child: ChildProcess) => Promise<void>): Promise<void> {
  const child = fork(fileURLToPath(new URL(`../e2e/fixtures/${fixture}`, import.meta.url)), { stdio: 'ignore' });
  const lateKill = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    await once(child, 'message');
    await use(child);
  } finally {
    clearTimeout(lateKill);
    child.kill('SIGKILL');
  }
}
