import type { OrderReference } from '../../errors/order-reference.js';

/**
 * Knows which orders your shop has closed. A payment for one of them is a ghost payment: the buyer has paid, and nobody will
 * deliver. Name a subclass as `closedOrders` of `WechatPayNotificationsModule.forRoot`; it is a provider like any other and may
 * inject.
 *
 * Ask the table that your shop itself goes by: an order may have been closed there without being closed at WeChat Pay, and that is
 * how ghost payments come about.
 *
 * @example
 * ```ts
 * @Injectable()
 * class ClosedInTable extends ClosedOrderBook {
 *   constructor(@Inject(Database) private readonly database: Database) { super(); }
 *   async wasClosed({ out_trade_no }: OrderReference): Promise<boolean> {
 *     return (await this.database.stateOf(out_trade_no)) === 'CLOSED';
 *   }
 * }
 * ```
 */
export abstract class ClosedOrderBook {
  /**
   * Whether your shop had closed an order.
   *
   * @param order - `mchid` with `out_trade_no` or `combine_out_trade_no`, and `sub_mchid` for a sub-merchant's order
   * @returns `undefined` where it cannot know. What it throws fails the notification, and WeChat Pay sends it again
   */
  abstract wasClosed(order: OrderReference): boolean | undefined | Promise<boolean | undefined>;
}
