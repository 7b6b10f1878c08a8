import { nestApp } from '../cell.mjs';
import { worksAlone } from '../checks/alone.mjs';
import { hasCommands } from '../checks/commands.mjs';

const dependencies = nestApp('^12.0.0', '^12.0.0');

/** Without any optional package. @type {import('../cell.mjs').Cell[]} */
export const bareCells = [
  // This Node.js has no SQLite of its own.
  { name: 'No optional package, CommonJS', type: 'commonjs', dependencies, node: '20.19.0', check: worksAlone },
  { name: 'No optional package, ESM', type: 'module', dependencies, node: '20.19.0', isFast: true, check: worksAlone },
  { name: 'Commands', type: 'module', dependencies, isFast: true, check: hasCommands },
];
