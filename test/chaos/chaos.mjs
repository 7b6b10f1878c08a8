/**
 * The chaos: orders fall due while the network fails, buyers pay, workers are killed every two seconds and the store is killed
 * once. Every order must end once, rightly. Exits with 1 where one does not.
 *
 * npm run chaos -- --orders 1000 --seconds 20 --stores sqlite,redis,postgres --seed 1 --lock 5000 --at-once
 *
 * `--lock` is after how many milliseconds a process that was killed is missed; `--at-once` takes all stores at the same time.
 */
import { parseArgs } from 'node:util';

import { runChaos } from './run-chaos.mjs';
import { STORES } from './stores.mjs';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    stores: { type: 'string', default: Object.keys(STORES).join(',') },
    seed: { type: 'string', default: '1' },
    lock: { type: 'string', default: '5000' },
    'at-once': { type: 'boolean', default: false },
  },
});
const [orders = 0, seconds = 0, seed = 0, lockMs = 0] = [values.orders, values.seconds, values.seed, values.lock].map(
  Number,
);
if (!(orders >= 1 && seconds >= 1 && Number.isSafeInteger(seed)))
  throw new TypeError('--orders and --seconds take numbers from 1 on');

/** @type {object[]} */
const rows = [];
let isSound = true;
const run = async (/** @type {string} */ name) => {
  const create = new Map(Object.entries(STORES)).get(name);
  if (create === undefined) throw new TypeError(`--stores takes ${Object.keys(STORES).join(', ')}`);
  const store = await create(lockMs);
  try {
    const { breaches, figures } = await runChaos(store, { orders, overMs: seconds * 1_000, seed });
    rows.push(figures);
    for (const breach of breaches) console.error(`${store.name}: ${breach}`);
    isSound &&= breaches.length === 0;
  } finally {
    await store.remove();
  }
};
const names = values.stores.split(',');
if (values['at-once']) await Promise.all(names.map(run));
else for (const name of names) await run(name);
console.table(rows);
process.exitCode = isSound ? 0 : 1;
