import { Injectable } from '@nestjs/common';

/** What the shop itself holds of an order. */
export type BookState = 'PENDING' | 'CLOSED' | 'PAID' | 'CHECK';

/** A row of the shop's book. */
export interface BookEntry {
  readonly state: BookState;
  /** When the order is to be closed if nobody pays it, in milliseconds since 1970. */
  readonly closeAt: number;
  /** It was paid after the shop had closed it: the money must go back. */
  readonly ghost?: true;
}

/** The shop's own orders. It stands for the table of a database, and like that table it says what is pending. */
@Injectable()
export class OrderBook {
  readonly #entries = new Map<string, BookEntry>();

  /** Notes an order before it is placed. */
  add(number: string, closeAt: Date): void {
    this.#entries.set(number, { state: 'PENDING', closeAt: closeAt.getTime() });
  }

  find(number: string): BookEntry | undefined {
    return this.#entries.get(number);
  }

  /** `UPDATE orders SET state = ? WHERE number = ? AND state = 'PENDING'`; whether a row changed. */
  moveFromPending(number: string, state: BookState): boolean {
    const entry = this.#entries.get(number);
    if (entry?.state !== 'PENDING') return false;
    this.#entries.set(number, { ...entry, state });
    return true;
  }

  /** `UPDATE orders SET state = 'PAID', ghost = ? WHERE number = ? AND state <> 'PAID'`: a second time changes nothing. */
  markPaid(number: string, ghost: boolean): void {
    const entry = this.#entries.get(number);
    if (entry === undefined || entry.state === 'PAID') return;
    this.#entries.set(number, { ...entry, state: 'PAID', ...(ghost && { ghost }) });
  }
}
