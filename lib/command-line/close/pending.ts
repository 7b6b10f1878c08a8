import { CommandError } from '../command-error.js';
import type { CloseArguments } from './arguments.js';
import { fingerprintOf } from './fingerprint.js';
import type { Ledger } from './ledger.js';
import { type OrderFile, readOrders } from './read-orders.js';

/** An order that has not ended. */
export interface Pending {
  /** Its place in the input: 1 for the first. */
  readonly record: number;
  readonly fingerprint: number;
  /** As it was read; the variant's own schema checks it. */
  readonly request: unknown;
}

/** What an input holds. */
export interface Survey {
  readonly records: number;
  readonly pending: number;
  /** Orders that have, one with another, every field that occurs: at most {@link MOST_SAMPLES}. */
  readonly samples: readonly Pending[];
}

const MOST_SAMPLES = 100;

/** Which orders of an input are left. */
export class PendingOrders {
  /**
   * @param file - the input
   * @param ledger - what earlier runs came to
   * @param args - which outcomes are tried again
   */
  constructor(
    private readonly file: OrderFile,
    private readonly ledger: Ledger,
    private readonly args: Pick<CloseArguments, 'variant' | 'merchant' | 'retry'>,
  ) {}

  /**
   * Reads the whole input once, so that a fault of the file shows before anything is sent.
   *
   * @throws {@link CommandError} where it cannot be read, or is not what the outcomes were written about
   */
  async survey(): Promise<Survey> {
    let records = 0;
    let pending = 0;
    const fields = new Set<string>();
    const samples: Pending[] = [];
    for await (const order of this.#all()) {
      records = order.record;
      const added = fieldsOf(order.request).filter((name) => !fields.has(name));
      if (added.length > 0 && samples.length < MOST_SAMPLES) {
        samples.push(order);
        for (const name of added) fields.add(name);
      }
      if (this.#isPending(order.record)) pending++;
    }
    if (this.ledger.last <= records) return { records, pending, samples };
    throw changed(this.file.path, `has ${records} records, and there is an outcome of record ${this.ledger.last}`);
  }

  /** The orders that are left, in the input's order, read as they are asked for. */
  async *read(): AsyncGenerator<Pending, void> {
    for await (const order of this.#all()) if (this.#isPending(order.record)) yield order;
  }

  async *#all(): AsyncGenerator<Pending, void> {
    let record = 0;
    for await (const request of readOrders(this.file)) {
      record++;
      const fingerprint = fingerprintOf(this.args.variant, this.args.merchant, request);
      const known = this.ledger.find(record);
      if (known !== undefined && known.fingerprint !== fingerprint) {
        throw changed(this.file.path, `has another order as record ${record}`);
      }
      yield { record, fingerprint, request };
    }
  }

  #isPending(record: number): boolean {
    const known = this.ledger.find(record);
    return known === undefined || !known.isFinal || this.args.retry.includes(known.outcome);
  }
}

function fieldsOf(request: unknown): readonly string[] {
  return typeof request === 'object' && request !== null ? Object.keys(request) : [];
}

function changed(path: string, how: string): CommandError {
  return new CommandError(
    `The outcomes in --out were written about another input, variant or merchant: ${path} ${how}. Give --out another name, or --from what it was.`,
  );
}
