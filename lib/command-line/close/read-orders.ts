import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';

import { CommandError, wordsOf } from '../command-error.js';
import type { Csv } from './packages.js';

/** A cell of this beginning is JSON: no field that is a text may begin so. */
const NESTED = /^\s*[[{]/;
/** Two names of one format. */
const HAS_LINES = /\.(?:ndjson|jsonl)$/i;
/** A quote that is never closed would make the rest of a file one cell. */
const LONGEST_RECORD = 1_048_576;

/** Where orders are read from. */
export interface OrderFile {
  readonly path: string;
  /** Columns that are passed over. */
  readonly skipped: readonly string[];
  readonly csv: Csv;
}

/**
 * Reads requests, one at a time, as they stand in the file; nothing of them is checked.
 *
 * @param file - whose name tells its format
 * @throws {@link CommandError} where it cannot be read or is not of its format
 */
export async function* readOrders(file: OrderFile): AsyncGenerator<unknown, void> {
  try {
    yield* HAS_LINES.test(file.path) ? readLines(file.path) : readCsv(file);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file.path} cannot be read: ${csvWordsOf(error) ?? wordsOf(error)}.`);
  }
}

async function* readCsv({ path, skipped, csv }: OrderFile): AsyncGenerator<unknown, void> {
  let hasHeader = false;
  const columns = (header: readonly string[]) => {
    hasHeader = true;
    const names = header.map((name) => name.trim());
    const twice = names.find((name, index) => name === '' || names.indexOf(name) !== index);
    if (twice === undefined) return names;
    throw new CommandError(
      `${path} has a column ${twice === '' ? 'without a name' : `${twice} twice`}; mend its header.`,
    );
  };
  const parser = csv.parse({ bom: true, columns, skip_empty_lines: true, max_record_size: LONGEST_RECORD });
  // `pipeline` hands the file's errors on to the parser, whose reader meets them.
  pipeline(createReadStream(path), parser, () => {});
  for await (const row of parser) yield requestOf(row, skipped);
  // What wrote it has failed, and not: there are no orders.
  if (!hasHeader) throw new CommandError(`${path} is empty; its first line names WeChat Pay's request fields.`);
}

function requestOf(row: unknown, skipped: readonly string[]): unknown {
  const cells: readonly (readonly [string, unknown])[] = Object.entries(
    typeof row === 'object' && row !== null ? row : {},
  );
  return Object.fromEntries(
    cells.filter(([name, cell]) => cell !== '' && !skipped.includes(name)).map(([name, cell]) => [name, valueOf(cell)]),
  );
}

function valueOf(cell: unknown): unknown {
  if (typeof cell !== 'string' || !NESTED.test(cell)) return cell;
  try {
    return JSON.parse(cell);
  } catch {
    // The field's own rule says what it should be.
    return cell;
  }
}

async function* readLines(path: string): AsyncGenerator<unknown, void> {
  const input = createReadStream(path, 'utf8');
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let failure: unknown;
  // readline's own iterator does not tell of the stream's errors.
  input.once('error', (error) => {
    failure = error;
    lines.close();
  });
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (text.trim() !== '') yield parseLine(text, path, number);
    }
  } finally {
    input.destroy();
  }
  if (failure !== undefined) throw failure;
}

function parseLine(text: string, path: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${path} is not JSON in line ${number}; give one request a line.`);
  }
}

/** The parser names the line, and at most the character that is wrong there. */
function csvWordsOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  if (error.code === 'INVALID_OPENING_QUOTE') {
    // The parser's own words quote the cell.
    return `a quote stands inside a cell in line ${'lines' in error ? String(error.lines) : '?'}; put the whole cell in quotes, and double those inside`;
  }
  return String(error.code).startsWith('CSV_') ? error.message : undefined;
}
