import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { CommandError, wordsOf } from './command-error.js';
import type { Terminal } from './terminal.js';

/**
 * Reads what `forRoot` takes from a file: JSON, or a module whose default export is the options or a function that returns
 * them, now or later. Nothing of it is checked here.
 *
 * @param path - as it was given
 * @param terminal - whose folder it is relative to
 * @throws {@link CommandError} that says why it cannot be read, and repeats nothing of its content
 */
export async function readConfiguration(path: string, { cwd }: Pick<Terminal, 'cwd'>): Promise<unknown> {
  const file = resolve(cwd, path);
  return extname(file) === '.json' ? readJson(file) : readModule(file);
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`The configuration cannot be read: ${wordsOf(error)}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the text around the fault.
    throw new CommandError(`${file} is not JSON. Line breaks of keys are written as \\n in it.`);
  }
}

async function readModule(file: string): Promise<unknown> {
  let made: unknown;
  try {
    const module: unknown = await import(pathToFileURL(file).href);
    made = defaultOf(module);
    if (typeof made === 'function') made = await Reflect.apply(made, undefined, []);
  } catch (error) {
    throw new CommandError(`${file} cannot be run: ${wordsOf(error)}.`);
  }
  if (made === undefined) {
    throw new CommandError(
      `${file} has no default export; export default the options, or a function that returns them.`,
    );
  }
  return made;
}

function defaultOf(module: unknown): unknown {
  if (typeof module !== 'object' || module === null || !('default' in module)) return undefined;
  const { default: own } = module;
  // What a compiler made of TypeScript for CommonJS has its default export one level further down.
  const isWrapped = typeof own === 'object' && own !== null && '__esModule' in own && 'default' in own;
  return isWrapped ? own.default : own;
}
