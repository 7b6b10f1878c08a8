import { Injectable } from '@nestjs/common';

import type { OrderReference } from '../../errors/order-reference.js';
import { ClosedOrderBook } from './closed-order-book.js';

const MOST_ORDERS = 100_000;

/**
 * Remembers in this process which orders were closed, for tests and for trying things out. It forgets all when the process ends,
 * the oldest of more than 100,000, and knows nothing of what other processes closed; so it says `true` or that it does not
 * know, and never `false`. A shop asks its table: see {@link ClosedOrderBook}.
 *
 * @example
 * ```ts
 * closeOrder.direct({ out_trade_no }).pipe(tap(({ order }) => closedOrders.note(order)));
 * ```
 */
@Injectable()
export class MemoryClosedOrders extends ClosedOrderBook {
  readonly #orders = new Set<string>();

  /**
   * Notes that an order was closed.
   *
   * @param order - of a `ClosedOrder`, or of a settlement of auto-close whose state is `CLOSED`
   */
  note(order: OrderReference): void {
    const name = nameOf(order);
    this.#orders.delete(name);
    this.#orders.add(name);
    const [oldest] = this.#orders;
    if (this.#orders.size > MOST_ORDERS && oldest !== undefined) this.#orders.delete(oldest);
  }

  wasClosed(order: OrderReference): true | undefined {
    return this.#orders.has(nameOf(order)) || undefined;
  }
}

function nameOf({ mchid, sub_mchid, out_trade_no, combine_out_trade_no }: OrderReference): string {
  return JSON.stringify([mchid, sub_mchid, out_trade_no, combine_out_trade_no]);
}
