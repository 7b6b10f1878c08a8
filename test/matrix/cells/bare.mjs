import { nestApp } from '../cell.mjs';
import { worksAlone } from '../checks/alone.mjs';
import { hasCommands } from '../checks/commands.mjs';

const dependencies = nestApp('^12.0.0', '^12.0.0');

/** Without any optional package. @type {import('../cell.mjs').Cell[]} */
export const bareCells = [
  { name: 'No optional package, CommonJS', type: 'commonjs', dependencies, check: worksAlone },
  { name: 'No optional package, ESM', type: 'module', dependencies, isFast: true, check: worksAlone },
  { name: 'Commands', type: 'module', dependencies, isFast: true, check: hasCommands },
];
