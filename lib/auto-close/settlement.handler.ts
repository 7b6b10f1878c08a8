import { DiscoveryService } from '@nestjs/core';

import type { Settlement } from './settlement.js';

/**
 * Takes what became of the application's orders: one class of yours, which may inject. Name it in `settlementHandler`, or mark it
 * with {@link OnSettlement}.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class OrderSettlements implements SettlementHandler {
 *   constructor(@Inject(OrdersRepository) private readonly orders: OrdersRepository) {}
 *
 *   async onSettled({ state, order }: Settlement): Promise<void> {
 *     // Only the first of two calls finds the order pending.
 *     if (state === 'CLOSED') await this.orders.moveFromPending(order.out_trade_no, 'CLOSED');
 *   }
 * }
 * ```
 */
export interface SettlementHandler {
  /**
   * It is called at least once for each order that was scheduled and not cancelled, and so perhaps twice, also at the same
   * time: make it a conditional update, such as `UPDATE orders SET status = 'CLOSED' WHERE id = ? AND status = 'PENDING'`.
   *
   * @param settlement - what became of the order
   * @param signal - aborted when the application shuts down and cannot wait longer, or when `handlerTimeoutMs` is over
   * @returns when it is done. Where it throws, rejects or takes too long, it is called again later
   */
  onSettled(settlement: Settlement, signal: AbortSignal): Promise<void> | void;
}

/**
 * Marks a provider as the application's {@link SettlementHandler}, in whichever module it is. There is one.
 *
 * @example
 * ```ts
 * @OnSettlement()
 * @Injectable()
 * export class OrderSettlements implements SettlementHandler {}
 * ```
 */
export const OnSettlement = DiscoveryService.createDecorator();
