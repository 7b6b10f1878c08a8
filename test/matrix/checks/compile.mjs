import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '../processes.mjs';
import { ROOT } from '../workshop.mjs';

const OPTIONS = {
  target: 'es2022',
  strict: true,
  skipLibCheck: false,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  rootDir: '.',
  types: ['node'],
};

/** The TypeScript that compiles this library. */
export const OWN_TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/**
 * Compiles an application and checks every declaration that it comes to see.
 *
 * @param {string} folder
 * @param {Record<string, unknown>} options - how modules are written and found
 * @param {string} [tsc] - the compiler's program
 * @throws Error with what the compiler says
 */
export async function compile(folder, options, tsc = OWN_TSC) {
  const config = { compilerOptions: { ...OPTIONS, ...options }, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await run(process.execPath, [tsc, '-p', 'tsconfig.json'], folder);
}
