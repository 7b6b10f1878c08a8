import { nestApp } from '../cell.mjs';
import { closesOrders } from '../checks/scenario.mjs';

/** Nest in both versions, in both module formats, with every `@nestjs/axios`, on both servers. */
const NESTS = /** @type {const} */ ([
  { nest: '11', axios: '4', type: 'commonjs', isFast: true },
  { nest: '11', axios: '12', type: 'commonjs' },
  { nest: '11', axios: '4', type: 'module' },
  { nest: '11', axios: '12', type: 'module' },
  { nest: '12', axios: '12', type: 'commonjs' },
  { nest: '12', axios: '12', type: 'module', isFast: true },
  { nest: '11', axios: '4', type: 'commonjs', host: 'fastify' },
  { nest: '12', axios: '12', type: 'module', host: 'fastify' },
]);

/** @type {import('../cell.mjs').Cell[]} */
export const nestCells = NESTS.map(({ nest, axios, type, host = 'express', ...rest }) => ({
  name: `Nest ${nest}, ${type === 'module' ? 'ESM' : 'CommonJS'}, @nestjs/axios ${axios}, ${host === 'express' ? 'Express' : 'Fastify'}`,
  type,
  dependencies: { ...nestApp(`^${nest}.0.0`, `^${axios}.0.0`, host), libsql: '^0.5.0' },
  host,
  ...rest,
  check: closesOrders,
}));
