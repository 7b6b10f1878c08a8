import { importOptional } from '../../environment/import-optional.js';
import { CommandError } from '../command-error.js';

type CsvParse = typeof import('csv-parse');
type CsvStringify = typeof import('csv-stringify/sync');
type CliProgress = typeof import('cli-progress');

const COMMAND = 'npm i csv-parse csv-stringify cli-progress';

/** What reads and writes CSV. */
export interface Csv {
  readonly parse: CsvParse['parse'];
  readonly stringify: CsvStringify['stringify'];
}

/**
 * Loads what reads and writes CSV.
 *
 * @throws {@link CommandError} with the exact command, where it is not installed
 */
export async function loadCsv(): Promise<Csv> {
  const [parser, stringifier] = await Promise.all([
    importOptional('csv-parse'),
    importOptional('csv-stringify', 'csv-stringify/sync'),
  ]);
  if (isParser(parser) && isStringifier(stringifier)) return { parse: parser.parse, stringify: stringifier.stringify };
  throw new CommandError(`Reading and writing CSV takes packages that are not installed. Run: ${COMMAND}`);
}

/** Loads what draws a progress bar; `undefined` where it is not installed. */
export async function loadProgress(): Promise<CliProgress | undefined> {
  const module = await importOptional('cli-progress');
  const own: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : undefined;
  return isProgress(own) ? own : undefined;
}

/** What to say where there is no progress bar. */
export const NO_PROGRESS = `For a progress bar, run: ${COMMAND}`;

function isParser(module: unknown): module is CsvParse {
  return hasFunction(module, 'parse');
}

function isStringifier(module: unknown): module is CsvStringify {
  return hasFunction(module, 'stringify');
}

function isProgress(module: unknown): module is CliProgress {
  return hasFunction(module, 'SingleBar');
}

function hasFunction(module: unknown, name: string): boolean {
  return typeof module === 'object' && module !== null && typeof Reflect.get(module, name) === 'function';
}
