import type { EmulatorRequest, RequestRecord } from './emulator-request.js';

/** How many requests are remembered; older ones are forgotten, so that an emulator may run for long. */
const MOST_RECORDS = 10_000;

/** The latest requests that the emulator has seen since it started or was reset. */
export class RequestLog {
  #records: RequestRecord[] = [];
  #seen = 0;

  /** Oldest first. */
  all(): readonly EmulatorRequest[] {
    return this.#records.slice(-MOST_RECORDS);
  }

  /**
   * Begins the record of a request.
   *
   * @param head - what is known once its head is in
   */
  open(head: Pick<EmulatorRequest, 'time' | 'method' | 'url' | 'headers'>): RequestRecord {
    const record: RequestRecord = {
      id: ++this.#seen,
      ...head,
      body: Buffer.alloc(0),
      verdict: 'unchecked',
      faults: [],
      aborted: false,
    };
    this.#records.push(record);
    // Half at a time, so that it costs nothing a request.
    if (this.#records.length > 2 * MOST_RECORDS) this.#records = this.#records.slice(-MOST_RECORDS);
    return record;
  }

  /** Forgets all requests. */
  clear(): void {
    this.#records = [];
    this.#seen = 0;
  }
}
