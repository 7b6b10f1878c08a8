import { Injectable } from '@nestjs/common';
import type { OrderReference } from 'nestjs-wechatpay';

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
  readonly #scheduled = new Map<string, OrderReference>();

  /** Notes an order before it is placed, and under which name its close is scheduled. */
  add(number: string, closeAt: Date, scheduled: OrderReference): void {
    this.#entries.set(number, { state: 'PENDING', closeAt: closeAt.getTime() });
    this.#scheduled.set(number, scheduled);
  }

  find(number: string): BookEntry | undefined {
    return this.#entries.get(number);
  }

  /** What its close is scheduled as. */
  scheduledAs(number: string): OrderReference | undefined {
    return this.#scheduled.get(number);
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
