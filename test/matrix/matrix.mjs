/**
 * The matrix: packs the package, and for every cell installs the tarball into a fresh application and runs it there. Exits with
 * 1 where a cell fails. Packages come from npm and its cache.
 *
 * npm run test:matrix -- --list
 * npm run test:matrix -- --only "Nest 11" --only Vitest
 * npm run test:matrix -- --resume
 */
import { parseArgs } from 'node:util';

import { CELLS } from './cells/index.mjs';
import { runCells } from './run-cells.mjs';
import { openWorkshop } from './workshop.mjs';

const { values } = parseArgs({
  options: {
    list: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    fast: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});

const jobs = Number(values.jobs);
if (!(Number.isSafeInteger(jobs) && jobs >= 1)) throw new TypeError('--jobs takes a number from 1 on');
const wanted = values.only.map((text) => text.toLowerCase());
const chosen = CELLS.filter(
  ({ name, isFast }) =>
    (!values.fast || isFast === true) &&
    (wanted.length === 0 || wanted.some((text) => name.toLowerCase().includes(text))),
);
if (chosen.length === 0) throw new TypeError('--only names no cell; --list shows them all');

if (values.list) {
  for (const { name, isFast } of chosen) console.log(isFast ? `${name} (fast)` : name);
} else {
  const workshop = await openWorkshop();
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void workshop.clear().then(() => process.exit(1)));
  try {
    const results = await runCells(workshop, chosen, { jobs, resume: values.resume });
    console.table(results);
    process.exitCode = results.every(({ result }) => result !== 'failed') ? 0 : 1;
  } finally {
    await workshop.clear();
  }
}
