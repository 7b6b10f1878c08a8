/**
 * Measures auto-close on each of its stores. `npm run bench:auto-close -- --help` lists the options. Exits with 1 where an order
 * was not recorded exactly once.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { addRate } from './add-rate.mjs';
import { dueRate } from './due-rate.mjs';
import { lateness } from './lateness.mjs';
import { memory } from './memory.mjs';
import { STORES } from './stores.mjs';
import { uniqueness } from './uniqueness.mjs';

const MEASUREMENTS = {
  add: ['Scheduling, orders a second', addRate],
  due: ['Closing what is due, orders a second', dueRate],
  late: ['Lateness of orders that fall due over 20 seconds', lateness],
  memory: ['Orders that wait', memory],
  once: ['Orders that several processes could take', uniqueness],
};
const SCALE = { adds: 10_000, due: 3_000, late: 2_000, waiting: 100_000, shared: 10_000 };

const { values } = parseArgs({
  options: {
    stores: { type: 'string', default: Object.keys(STORES).join(',') },
    only: { type: 'string', default: Object.keys(MEASUREMENTS).join(',') },
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    `npm run bench:auto-close -- [--stores ${Object.keys(STORES).join(',')}] [--only ${Object.keys(MEASUREMENTS).join(',')}] [--scale 0.1] [--json]`,
  );
  process.exit(0);
}
const chosen = (text, among) => {
  const names = text.split(',');
  const unknown = names.find((name) => !(name in among));
  if (unknown !== undefined) throw new TypeError(`${unknown} is none of ${Object.keys(among).join(', ')}`);
  return names;
};
const stores = chosen(values.stores, STORES);
const scale = Object.fromEntries(
  Object.entries(SCALE).map(([key, count]) => [key, Math.ceil(count * Number(values.scale))]),
);
const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown' };
const results = { machine, scale, measured: {} };
const say = (method, words) => void (values.json || console[method](words));
say('log', `Node ${machine.node}, ${machine.cores} cores (${machine.cpu})`);

for (const only of chosen(values.only, MEASUREMENTS)) {
  const [title, measure] = MEASUREMENTS[only];
  const rows = {};
  for (const store of stores) rows[store] = await measure(store, scale);
  results.measured[only] = rows;
  say('log', `\n${title}`);
  say('table', Object.fromEntries(Object.entries(rows).map(([store, figures]) => [store, rounded(figures)])));
}
if (values.json) console.log(JSON.stringify(results, null, 2));

const breaches = Object.values(results.measured.once ?? {}).filter(
  (figures) => figures['never recorded'] + figures['recorded twice'] + figures['not CLOSED'] > 0,
);
process.exitCode = breaches.length > 0 ? 1 : 0;

function rounded(figures) {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, value < 100 ? Number(value.toFixed(1)) : Math.round(value)]),
  );
}
