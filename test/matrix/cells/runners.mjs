import { nestApp } from '../cell.mjs';
import { passesTests } from '../checks/runners.mjs';

const VM_MODULES = '--experimental-vm-modules';
const JEST = /** @type {const} */ ({ module: '@jest/globals', command: ['jest/bin/jest.js', '--no-cache'] });
const VITEST = /** @type {const} */ ({ module: 'vitest', command: ['vitest/vitest.mjs', 'run'] });

/** What `nest new` writes. */
const AS_NEST_WRITES_IT = { 'jest.config.js': "module.exports = { transform: { '^.+\\.(t|j)s$': 'ts-jest' } };\n" };

const ts = { typescript: '^5.9.0', 'ts-jest': '^29.4.0', jest: '^30.0.0', '@jest/globals': '^30.0.0' };
const swc = { '@swc/core': '^1.13.0', '@swc/jest': '^0.2.39', jest: '^30.0.0', '@jest/globals': '^30.0.0' };
const nest11 = { ...nestApp('^11.0.0', '^4.0.0'), '@nestjs/testing': '^11.0.0' };
const nest12 = { ...nestApp('^12.0.0', '^12.0.0'), '@nestjs/testing': '^12.0.0' };

/** The consumer's own tests. @type {import('../cell.mjs').Cell[]} */
export const runnerCells = [
  {
    name: 'Jest 30, CommonJS, Nest 11, Node.js 20.19.0',
    type: 'commonjs',
    dependencies: { ...nest11, ...ts },
    node: '20.19.0',
    check: passesTests({ ...JEST, configuration: 'jest.config.js' }),
  },
  {
    name: 'Jest 30, CommonJS, Nest 11, @nestjs/axios 12, Node.js 22',
    type: 'commonjs',
    dependencies: { ...nest11, '@nestjs/axios': '^12.0.0', ...ts },
    node: '22',
    check: passesTests({ ...JEST, configuration: 'jest.config.js' }),
  },
  {
    name: 'Jest 29, CommonJS, Nest 11, Node.js 20.19.0',
    type: 'commonjs',
    dependencies: { ...nest11, ...ts, jest: '^29.7.0', '@jest/globals': '^29.7.0' },
    node: '20.19.0',
    check: passesTests({ ...JEST, configuration: 'jest.config.js' }),
  },
  {
    name: 'Jest 30, CommonJS, Nest 12, Node.js 24',
    type: 'commonjs',
    dependencies: { ...nest12, ...ts },
    node: '24',
    check: passesTests({ ...JEST, files: AS_NEST_WRITES_IT, nodeOptions: VM_MODULES }),
  },
  {
    name: 'Jest 30, ESM, Nest 11, Node.js 20.19.0',
    type: 'module',
    dependencies: { ...nest11, ...swc },
    node: '20.19.0',
    check: passesTests({ ...JEST, configuration: 'jest.config.mjs', nodeOptions: VM_MODULES }),
  },
  {
    name: 'Jest 30, ESM, Nest 12, Node.js 24',
    type: 'module',
    dependencies: { ...nest12, ...swc },
    node: '24',
    check: passesTests({ ...JEST, configuration: 'jest.config.mjs', nodeOptions: VM_MODULES }),
  },
  {
    name: 'Vitest 4 on Vite 7, ESM, Nest 12, Node.js 20.19.0',
    type: 'module',
    dependencies: { ...nest12, vitest: '^4.0.0', vite: '^7.0.0', 'unplugin-swc': '^2.0.0', '@swc/core': '^1.13.0' },
    node: '20.19.0',
    check: passesTests({ ...VITEST, configuration: 'vitest.config.mjs' }),
  },
  {
    name: 'Vitest, newest, ESM, Nest 12, Node.js 24',
    type: 'module',
    dependencies: { ...nest12, vitest: '*', '@types/node': '^24.0.0' },
    node: '24',
    check: passesTests(VITEST),
  },
  {
    name: 'Vitest, newest, CommonJS, Nest 11, Node.js 22',
    type: 'commonjs',
    dependencies: { ...nest11, vitest: '*', '@types/node': '^22.0.0' },
    node: '22',
    check: passesTests(VITEST),
  },
];
