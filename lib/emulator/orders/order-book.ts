import { EmulatorControlError } from '../emulator-control.error.js';
import { randomDigits } from '../keys/random-text.js';

import { EmulatorOrder } from './emulator-order.js';
import type { OrderDetails, OrderIdentity } from './order-details.js';

/** All orders of one emulator. */
export class OrderBook {
  readonly #orders = new Map<string, EmulatorOrder>();
  #placed = 0;

  /** @param paid - is told of each order that is paid */
  constructor(private readonly paid: (order: EmulatorOrder) => void) {}

  /** All orders, oldest first. */
  all(): readonly EmulatorOrder[] {
    return [...this.#orders.values()];
  }

  /**
   * Enters a new order.
   *
   * @param details - what it is placed as
   * @param now - milliseconds since 1970
   * @throws {@link EmulatorControlError} if its identity is taken
   */
  place(details: OrderDetails, now: number): EmulatorOrder {
    if (this.find(details) !== undefined) {
      throw new EmulatorControlError(`Order ${details.out_trade_no} of merchant ${details.mchid} is already placed.`);
    }
    const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
    const transactionIds = Array.from(
      { length: Math.max(1, details.sub_orders.length) },
      () => `4200000${randomDigits(3)}${day}${randomDigits(10)}`,
    );
    const order = new EmulatorOrder(`order-${++this.#placed}`, details, transactionIds, now, this.paid);
    this.#orders.set(keyOf(details), order);
    return order;
  }

  /**
   * The order of exactly this identity.
   *
   * @param identity - its kind, merchants and number
   */
  find(identity: OrderIdentity): EmulatorOrder | undefined {
    return this.#orders.get(keyOf(identity));
  }

  /**
   * The order that WeChat Pay's own number means.
   *
   * @param identity - its kind and signing merchant
   * @param transactionId - WeChat Pay's number
   */
  findByTransactionId(
    identity: Pick<OrderIdentity, 'kind' | 'mchid'>,
    transactionId: string,
  ): EmulatorOrder | undefined {
    return this.all().find(
      ({ kind, mchid, transaction_id }) =>
        transaction_id === transactionId && kind === identity.kind && mchid === identity.mchid,
    );
  }

  /**
   * Whether the signing merchant has placed this number, for whichever sub-merchant.
   *
   * @param identity - its kind, signing merchant and number
   */
  hasNumber(identity: OrderIdentity): boolean {
    return this.all().some(
      ({ kind, mchid, out_trade_no }) =>
        out_trade_no === identity.out_trade_no && kind === identity.kind && mchid === identity.mchid,
    );
  }

  /**
   * The order that a control call names: by the emulator's id, or by the merchant's number if only one order has it.
   *
   * @param id - such as `order-1`, or an `out_trade_no`
   */
  lookUp(id: string): EmulatorOrder | undefined {
    const byId = this.all().find((order) => order.id === id);
    if (byId !== undefined) return byId;
    const [only, ...others] = this.all().filter((order) => order.out_trade_no === id);
    return others.length === 0 ? only : undefined;
  }

  /** Forgets all orders. */
  clear(): void {
    this.#orders.clear();
    this.#placed = 0;
  }
}

function keyOf({ kind, mchid, sub_mchid, out_trade_no }: OrderIdentity): string {
  return JSON.stringify([kind, mchid, sub_mchid ?? '', out_trade_no]);
}
