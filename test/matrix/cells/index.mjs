import { bareCells } from './bare.mjs';
import { lowestCells } from './lowest.mjs';
import { nestCells } from './nest.mjs';
import { nodeCells } from './node.mjs';
import { runnerCells } from './runners.mjs';
import { typescriptCells } from './typescript.mjs';

/** Every cell of the matrix. */
export const CELLS = [...nestCells, ...nodeCells, ...lowestCells, ...bareCells, ...typescriptCells, ...runnerCells];
