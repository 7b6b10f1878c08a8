import { makeKeys } from '../keys.mjs';
import { ask } from '../processes.mjs';
import { Crew } from './crew.mjs';
import { STORES } from './stores.mjs';

/**
 * Makes a store, a WeChat Pay and a crew without workers, and removes all of it afterwards.
 *
 * @param {string} name of the store
 * @param {number} orders how many are closed
 * @param {(parts: object) => Promise<object>} measure
 */
export async function withStore(name, orders, measure) {
  const store = await STORES[name]();
  const keys = makeKeys();
  const run = 'BENCH';
  const stub = await ask('./auto-close/stub.mjs', { keys, run, orders });
  const settings = { keys, run, orders, origin: `http://127.0.0.1:${stub.answer.port}`, store: store.options };
  const crew = new Crew();
  const schedule = async (more) => {
    const { child, answer } = await ask(
      './auto-close/scheduler.mjs',
      { ...settings, inFlight: 64, ...more },
      { execArgv: ['--no-warnings', '--expose-gc'] },
    );
    if (child.exitCode === null) await new Promise((resolve) => void child.once('exit', resolve));
    return answer;
  };
  try {
    return await measure({ store, settings, schedule, crew, stub: stub.child });
  } finally {
    await crew.stop();
    stub.child.kill();
    await store.remove();
  }
}

/** The value below which a share of the numbers is. */
export function quantile(numbers, share) {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
