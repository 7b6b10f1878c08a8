import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

import type { TimelineEntry, TimelineFact } from './timeline-entry.js';

const MOST_ORDERS = 2_000;
const MOST_ENTRIES = 100;

/** What happened to each of the latest orders, oldest first. */
@Injectable()
export class Timeline {
  readonly #orders = new Map<string, readonly TimelineEntry[]>();
  readonly #changed = new Subject<string>();
  #written = 0;

  /** The number of each order that something happened to. */
  get changed$(): Observable<string> {
    return this.#changed.asObservable();
  }

  /** @param number - of the order */
  entriesOf(number: string): readonly TimelineEntry[] {
    return this.#orders.get(number) ?? [];
  }

  /**
   * Writes down what happens.
   *
   * @param number - of the order
   * @param fact - what happens, now
   * @returns changes the line; its time stays
   */
  write<TFact extends TimelineFact>(number: string, fact: TFact): (changes: Partial<TFact>) => void {
    const key = `fact-${++this.#written}`;
    const line: TimelineEntry = { ...fact, key, at: Date.now() };
    this.#keep(number, [...this.entriesOf(number), line].slice(-MOST_ENTRIES));
    return (changes) => {
      const entries = this.entriesOf(number);
      const index = entries.findIndex((entry) => entry.key === key);
      if (index !== -1) this.#keep(number, entries.with(index, { ...line, ...changes }));
    };
  }

  /** Tells that an order changed, though nothing is written down here. */
  touch(number: string): void {
    this.#changed.next(number);
  }

  #keep(number: string, entries: readonly TimelineEntry[]): void {
    this.#orders.set(number, entries);
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > MOST_ORDERS && oldest !== undefined) this.#orders.delete(oldest);
    this.touch(number);
  }
}
