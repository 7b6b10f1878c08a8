import { nestApp } from '../cell.mjs';
import { closesOrders } from '../checks/scenario.mjs';

/** The lowest of each line that `engines` allows, and the newest. */
const NODES = /** @type {const} */ (['20.19.0', '22.12.0', '22', '24.0.0', '24']);

/** @type {import('../cell.mjs').Cell[]} */
export const nodeCells = NODES.flatMap((node) =>
  /** @type {const} */ (['commonjs', 'module']).map((type) => ({
    name: `Node.js ${node.includes('.') ? node : `${node}, newest`}, ${type === 'module' ? 'ESM' : 'CommonJS'}`,
    type,
    // Node.js has a SQLite of its own from 22.13 on.
    dependencies: { ...nestApp('^12.0.0', '^12.0.0'), ...(/^(?:20|22\.12)\./.test(node) ? { libsql: '^0.5.0' } : {}) },
    node,
    check: closesOrders,
  })),
);
