import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';

import type { BulkEnding } from '../../close-order/bulk/bulk-outcome.js';
import { CommandError, wordsOf } from '../command-error.js';
import { DurableLines } from './durable-lines.js';
import { Ledger } from './ledger.js';
import { cellsOf, COLUMNS, isFinal, parseRow } from './outcome-row.js';
import type { Csv } from './packages.js';
import { endOfWholeLines, repairTail } from './repair-tail.js';

/** What became of the orders, on the disk and in short in memory. */
export class OutcomeFile {
  readonly #lines: DurableLines;

  private constructor(
    private readonly file: FileHandle,
    private readonly csv: Csv,
    /** The latest outcome of each record, those of earlier runs included. */
    readonly ledger: Ledger,
  ) {
    this.#lines = new DurableLines(file);
  }

  /**
   * Opens the file of an earlier run, or a new one.
   *
   * @param path - of the file
   * @param csv - that reads and writes it
   * @throws {@link CommandError} where it cannot be written, or is something else
   */
  static async open(path: string, csv: Csv): Promise<OutcomeFile> {
    let file: FileHandle | undefined;
    try {
      // Not 'w': what an earlier run wrote is kept.
      file = await open(path, 'a+');
      await refuseOthers(file, path, csv);
      const ledger = new Ledger();
      const end = await repairTail(file);
      if (end === 0) await file.appendFile(headerOf(csv));
      else await readInto(ledger, path, csv, end);
      return new OutcomeFile(file, csv, ledger);
    } catch (error) {
      await file?.close();
      throw error instanceof CommandError ? error : new CommandError(`--out cannot be written: ${wordsOf(error)}.`);
    }
  }

  /**
   * Writes an outcome; it is on the disk when this resolves.
   *
   * @param record - of the input, 1 for the first
   * @param fingerprint - of the request
   * @param ending - what the close ended in
   */
  async add(record: number, fingerprint: number, ending: BulkEnding): Promise<void> {
    await this.#lines.append(lineOf(cellsOf(record, fingerprint, ending, Date.now()), this.csv));
    this.ledger.enter(record, { outcome: ending.outcome, isFinal: isFinal(ending), fingerprint });
  }

  /** Closes the file. */
  close(): Promise<void> {
    return this.file.close();
  }
}

/** Reads what earlier runs wrote without opening it for writing; a file that is not there says nothing. */
export async function readLedger(path: string | undefined, csv: Csv): Promise<Ledger> {
  const ledger = new Ledger();
  if (path === undefined) return ledger;
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ledger;
    throw new CommandError(`--out cannot be read: ${wordsOf(error)}.`);
  }
  try {
    await refuseOthers(file, path, csv);
    const end = await endOfWholeLines(file);
    if (end > 0) await readInto(ledger, path, csv, end);
    return ledger;
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(`--out cannot be read: ${wordsOf(error)}.`);
  } finally {
    await file.close();
  }
}

/** A file of somebody else's is neither appended to nor cut. */
async function refuseOthers(file: FileHandle, path: string, csv: Csv): Promise<void> {
  const header = headerOf(csv);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(header.length), 0, header.length, 0);
  if (header.startsWith(buffer.subarray(0, bytesRead).toString())) return;
  throw new CommandError(`${path} was not written by this command; give --out another name.`);
}

async function readInto(ledger: Ledger, path: string, csv: Csv, end: number): Promise<void> {
  const parser = csv.parse({ relax_column_count: true, relax_quotes: true, from_line: 2 });
  pipeline(createReadStream(path, { end: end - 1 }), parser, () => {});
  let line = 1;
  for await (const row of parser) {
    line++;
    const parsed = parseRow(Array.isArray(row) ? row.map(String) : []);
    if (parsed === undefined) {
      throw new CommandError(
        `${path} is damaged in line ${line}; mend or remove that line, whose order is closed again then.`,
      );
    }
    ledger.enter(parsed.record, parsed.entry);
  }
}

function headerOf(csv: Csv): string {
  return lineOf(COLUMNS, csv);
}

/** A cell such as `-2*3|x`, which an order number may be, would be run by a spreadsheet: it gets an apostrophe in front. */
function lineOf(cells: readonly string[], { stringify }: Csv): string {
  return stringify([[...cells]], { escape_formulas: true });
}
