import { EmulatorControlError } from '../emulator-control.error.js';

import type { OrderDetails, OrderKind, SubOrder } from './order-details.js';

/** Where an order stands. */
export type OrderState = 'NOTPAY' | 'USERPAYING' | 'SUCCESS' | 'REFUND' | 'CLOSED';

/** What became of an attempt to close. Only `closed` changes the order. */
export type CloseResult = 'closed' | 'alreadyClosed' | 'paid' | 'paying' | 'reverseOnly';

/** One change of an order's state. */
export interface OrderChange {
  readonly state: OrderState;
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly at: number;
}

/** An order at the emulated WeChat Pay: the state machine, apart from HTTP. */
export class EmulatorOrder {
  readonly #changes: OrderChange[];
  readonly #transactionIds: readonly string[];

  /**
   * @param id - the emulator's own name for it
   * @param details - what it is placed as
   * @param transactionIds - the 28-digit number that WeChat Pay gives it; for a combined order, one a sub-order
   * @param now - milliseconds since 1970
   * @param paid - is told when it is paid
   */
  constructor(
    readonly id: string,
    readonly details: OrderDetails,
    transactionIds: readonly string[],
    now: number,
    private readonly paid: (order: EmulatorOrder) => void,
  ) {
    this.#transactionIds = transactionIds;
    this.#changes = [{ state: 'NOTPAY', at: now }];
  }

  get kind(): OrderKind {
    return this.details.kind;
  }

  /** `mchid`, `sp_mchid`, `mch_id` or `combine_mchid`. */
  get mchid(): string {
    return this.details.mchid;
  }

  get sub_mchid(): string | undefined {
    return this.details.sub_mchid;
  }

  /** `out_trade_no` or `combine_out_trade_no`. */
  get out_trade_no(): string {
    return this.details.out_trade_no;
  }

  get sub_orders(): readonly SubOrder[] {
    return this.details.sub_orders;
  }

  get state(): OrderState {
    return this.#changes.at(-1)?.state ?? 'NOTPAY';
  }

  /** Every state so far, oldest first; the first one is the placement. */
  get changes(): readonly OrderChange[] {
    return this.#changes;
  }

  /** Whether it was paid, even if the money went back since. */
  get isPaid(): boolean {
    return this.state === 'SUCCESS' || this.state === 'REFUND';
  }

  /** When it was paid, in milliseconds since 1970. */
  get paidAt(): number | undefined {
    return this.#changes.find(({ state }) => state === 'SUCCESS')?.at;
  }

  /** WeChat Pay's number: an overseas order has it from the start, a basic one once paid, a combined one never. */
  get transaction_id(): string | undefined {
    return this.sub_orders.length === 0 ? this.transactionIdOf(0) : undefined;
  }

  /**
   * WeChat Pay's number of a sub-order, once paid.
   *
   * @param index - its place in `sub_orders`
   */
  transactionIdOf(index: number): string | undefined {
    return this.isPaid || this.kind === 'overseas' ? this.#transactionIds[index] : undefined;
  }

  /**
   * The buyer begins to type the password.
   *
   * @param now - milliseconds since 1970
   * @throws {@link EmulatorControlError} unless the order waits for payment
   */
  startPaying(now: number): void {
    this.#change(['NOTPAY'], 'USERPAYING', now);
  }

  /**
   * The buyer pays.
   *
   * @param now - milliseconds since 1970
   * @throws {@link EmulatorControlError} unless the order waits for payment
   */
  pay(now: number): void {
    this.#change(['NOTPAY', 'USERPAYING'], 'SUCCESS', now);
    this.paid(this);
  }

  /**
   * The merchant gives the money back, in full or in part.
   *
   * @param now - milliseconds since 1970
   * @throws {@link EmulatorControlError} unless the order is paid
   */
  refund(now: number): void {
    this.#change(['SUCCESS', 'REFUND'], 'REFUND', now);
  }

  /**
   * Closes the order if that can be.
   *
   * @param now - milliseconds since 1970
   */
  close(now: number): CloseResult {
    if (this.isPaid) return 'paid';
    if (this.state === 'CLOSED') return 'alreadyClosed';
    if (this.state === 'USERPAYING') return 'paying';
    if (this.details.trade_type === 'MICROPAY') return 'reverseOnly';
    this.#changes.push({ state: 'CLOSED', at: now });
    return 'closed';
  }

  /** The order as the control API shows it. */
  toJSON(): Record<string, unknown> {
    const { id, state, transaction_id, changes } = this;
    return { id, state, transaction_id, ...this.details, changes };
  }

  #change(from: readonly OrderState[], state: OrderState, at: number): void {
    if (!from.includes(this.state)) {
      throw new EmulatorControlError(`Order ${this.id} is ${this.state}, so it cannot become ${state}.`);
    }
    this.#changes.push({ state, at });
  }
}
