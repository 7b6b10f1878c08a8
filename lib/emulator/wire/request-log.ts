import type { EmulatorRequest, RequestRecord } from './emulator-request.js';

/** All requests that the emulator has seen since it started or was reset. */
export class RequestLog {
  #records: RequestRecord[] = [];
  #seen = 0;

  /** Oldest first. */
  all(): readonly EmulatorRequest[] {
    return [...this.#records];
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
      aborted: false,
    };
    this.#records.push(record);
    return record;
  }

  /** Forgets all requests. */
  clear(): void {
    this.#records = [];
    this.#seen = 0;
  }
}
