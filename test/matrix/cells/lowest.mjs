import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { usesEverySubpath } from '../checks/subpaths.mjs';
import { ROOT } from '../workshop.mjs';

/** @type {{ [key: string]: Record<string, string> }} */
const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The lowest version that each of these ranges allows. */
function lowestOf(/** @type {Record<string, string>} */ ranges) {
  return Object.fromEntries(
    Object.entries(ranges).map(([name, range]) => [name, /\d+\.\d+\.\d+/.exec(range)?.[0] ?? range]),
  );
}

const { 'better-sqlite3': _compiled, ...peers } = lowestOf(peerDependencies);

/** Every peer and dependency at its lowest; but better-sqlite3, which must be compiled where no binary can be fetched. */
const lowest = {
  dependencies: {
    ...peers,
    '@nestjs/platform-express': peers['@nestjs/core'] ?? '',
    '@types/node': '20.19.0',
    '@types/pg': '^8.0.0',
  },
  overrides: lowestOf(dependencies),
  node: '20.19.0',
};

/** The lowest versions that package.json declares. @type {import('../cell.mjs').Cell[]} */
export const lowestCells = /** @type {const} */ (['commonjs', 'module']).map((type) => ({
  name: `Lowest declared versions, ${type === 'module' ? 'ESM' : 'CommonJS'}`,
  type,
  ...lowest,
  check: usesEverySubpath({ module: 'nodenext' }),
}));
