import { openRecord } from './record.mjs';

/** Lines of what a failed cell says. */
const SHOWN = 40;

/**
 * What became of a cell.
 *
 * @typedef {{ cell: string, result: 'passed' | 'failed' | 'passed before', seconds: number }} Row
 */

/**
 * Runs cells, some at a time, and tells of each as it ends.
 *
 * @param {import('./workshop.mjs').Workshop} workshop
 * @param {readonly import('./cell.mjs').Cell[]} cells
 * @param {{ jobs: number, resume: boolean }} options - `resume` passes over what this very package has passed
 * @returns {Promise<Row[]>} in the order of the cells
 */
export async function runCells(workshop, cells, { jobs, resume }) {
  const record = await openRecord(workshop.tarball, resume);
  /** @type {Map<string, Row>} */
  const rows = new Map();
  const waiting = [...cells];
  const work = async () => {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
      const row = record.has(cell.name) ? passedBefore(cell) : await runCell(workshop, cell);
      if (row.result === 'passed') await record.add(cell.name);
      rows.set(cell.name, row);
      console.log(`${row.result.padEnd(13)} ${row.seconds.toFixed(1).padStart(6)} s  ${cell.name}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return cells.flatMap(({ name }) => rows.get(name) ?? []);
}

/** @returns {Row} */
function passedBefore(/** @type {import('./cell.mjs').Cell} */ { name }) {
  return { cell: name, result: 'passed before', seconds: 0 };
}

/** @returns {Promise<Row>} */
async function runCell(
  /** @type {import('./workshop.mjs').Workshop} */ workshop,
  /** @type {import('./cell.mjs').Cell} */ cell,
) {
  const begun = performance.now();
  /** @type {Row['result']} */
  let result = 'passed';
  try {
    await cell.check(workshop, cell);
  } catch (error) {
    result = 'failed';
    console.error(`\n${cell.name}\n${beginningOf(error instanceof Error ? error.message : String(error))}\n`);
  }
  return { cell: cell.name, result, seconds: Math.round((performance.now() - begun) / 100) / 10 };
}

/** A compiler that cannot find a package says so hundreds of times. */
function beginningOf(/** @type {string} */ message) {
  const lines = message.split('\n');
  return lines.length <= SHOWN
    ? message
    : [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} lines more`].join('\n');
}
