import { EventEmitter } from 'node:events';

import { PGlite } from '@electric-sql/pglite';

/** What a client of pg gives. */
interface Rows {
  readonly rows: unknown[];
  readonly rowCount: number;
}

/**
 * PostgreSQL in this process, as a pool of pg: for machines without a server. One statement after the other, as PGlite has one
 * connection; a client that is checked out in a transaction keeps the others waiting.
 */
export class PglitePool extends EventEmitter {
  #turn: Promise<unknown> = Promise.resolve();
  readonly #database: PGlite = new PGlite({ startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'] });

  constructor() {
    super();
    this.setMaxListeners(0);
  }

  async connect(): Promise<EventEmitter & { query: PglitePool['query']; release(): void }> {
    const client = new EventEmitter();
    const unlisten: (() => Promise<void>)[] = [];
    const query = async (text: string, values?: unknown[]): Promise<Rows> => {
      const channel = /^\s*LISTEN\s+"?([^";]+)"?/i.exec(text)?.[1];
      if (channel === undefined) return this.query(text, values);
      const stop = await this.#database.listen(`"${channel}"`, (payload) =>
        client.emit('notification', { channel, payload }),
      );
      unlisten.push(() => stop());
      return { rows: [], rowCount: 0 };
    };
    return Object.assign(client, { query, release: () => void Promise.all(unlisten.map((stop) => stop())) });
  }

  async query(text: string, values?: unknown[]): Promise<Rows> {
    const run = async (): Promise<Rows> => {
      // PGlite works in this thread: without a pause, nothing else would run between two statements.
      await new Promise((resolve) => setImmediate(resolve));
      if (values === undefined) {
        const results = await this.#database.exec(text);
        const last = results.at(-1);
        return { rows: last?.rows ?? [], rowCount: last?.affectedRows ?? 0 };
      }
      const { rows, affectedRows } = await this.#database.query(text, values, {
        serializers: { 114: asText, 3802: asText },
      });
      return { rows, rowCount: affectedRows ?? rows.length };
    };
    const result = this.#turn.then(run, run);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async end(): Promise<void> {
    await this.#turn;
    await this.#database.close();
  }
}

/** BullMQ hands over JSON as text, as pg takes it. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
