import { nestApp } from '../cell.mjs';
import { usesEverySubpath } from '../checks/subpaths.mjs';
import { optionalPackages } from '../optional-packages.mjs';

/** How a consumer may write and find modules. */
const MODES = {
  'nodenext, CommonJS': { type: 'commonjs', options: { module: 'nodenext' } },
  'nodenext, ESM': { type: 'module', options: { module: 'nodenext' } },
  'node20, CommonJS': { type: 'commonjs', options: { module: 'node20' } },
  'node20, ESM': { type: 'module', options: { module: 'node20' } },
  'preserve and bundler': { type: 'module', options: { module: 'preserve', moduleResolution: 'bundler' } },
  'commonjs and bundler': { type: 'commonjs', options: { module: 'commonjs', moduleResolution: 'bundler' } },
};

/** `node20` is there from 5.9 on; `commonjs` goes with `bundler` from 6.0 on. */
const COMPILERS = /** @type {[string, (keyof typeof MODES)[]][]} */ ([
  ['5.8.3', ['nodenext, CommonJS', 'nodenext, ESM']],
  ['5', ['nodenext, CommonJS', 'nodenext, ESM', 'node20, CommonJS', 'node20, ESM', 'preserve and bundler']],
  ['6', Object.keys(MODES)],
  ['7', Object.keys(MODES)],
]);

/** Applications that are checked with every declaration that they see. @type {import('../cell.mjs').Cell[]} */
export const typescriptCells = COMPILERS.flatMap(([version, modes]) =>
  modes.map((mode) => ({
    name: `TypeScript ${version.includes('.') ? version : `${version}, newest`}, ${mode}`,
    type: /** @type {'commonjs' | 'module'} */ (MODES[mode].type),
    dependencies: { ...nestApp('^12.0.0', '^12.0.0'), ...optionalPackages('^12.0.0'), typescript: version },
    // What @nestjs/swagger 12 compiles with is not what the application does, but it declares TypeScript up to 6 as a peer.
    ...(version === '7' && { overrides: { '@nestjs/swagger': { typescript: '$typescript' } } }),
    check: usesEverySubpath(MODES[mode].options, 'typescript/bin/tsc'),
  })),
);
