/** Counts things by name. */
export class Tally {
  /** @type {Map<string, number>} */
  #counts = new Map();

  /** @param {string} name - what there is one more of */
  add(name) {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The names with their counts, most first. */
  get rows() {
    return [...this.#counts].sort(([, one], [, other]) => other - one);
  }

  /** All counts together. */
  get sum() {
    return this.rows.reduce((sum, [, count]) => sum + count, 0);
  }
}

/**
 * The slope of the straight line that lies closest to some points.
 *
 * @param {readonly { readonly x: number; readonly y: number }[]} points
 */
export function slope(points) {
  const mean = (/** @type {readonly number[]} */ values) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const run = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / run;
}

/**
 * A percentile.
 *
 * @param {Float64Array} sorted
 * @param {number} share - 0.99 for the 99th
 */
export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * Prints a table of names and values.
 *
 * @param {string} title
 * @param {readonly (readonly [name: string, value: string | number])[]} rows
 */
export function printTable(title, rows) {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
}
