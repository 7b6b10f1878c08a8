/**
 * The chaos: orders fall due while the network fails, buyers pay, workers are killed every two seconds and the store is killed
 * once. Every order must end once, rightly. Exits with 1 where one does not.
 *
 * npm run chaos -- --orders 1000 --seconds 20 --stores sqlite,redis,postgres --seed 1
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
  },
});
const [orders = 0, seconds = 0, seed = 0] = [values.orders, values.seconds, values.seed].map(Number);
if (!(orders >= 1 && seconds >= 1 && Number.isSafeInteger(seed)))
  throw new TypeError('--orders and --seconds take numbers from 1 on');

const rows = [];
let isSound = true;
for (const name of values.stores.split(',')) {
  const create = new Map(Object.entries(STORES)).get(name);
  if (create === undefined) throw new TypeError(`--stores takes ${Object.keys(STORES).join(', ')}`);
  const store = await create();
  try {
    const { breaches, figures } = await runChaos(store, { orders, overMs: seconds * 1_000, seed });
    rows.push(figures);
    for (const breach of breaches) console.error(`${store.name}: ${breach}`);
    isSound &&= breaches.length === 0;
  } finally {
    await store.remove();
  }
}
console.table(rows);
process.exitCode = isSound ? 0 : 1;
