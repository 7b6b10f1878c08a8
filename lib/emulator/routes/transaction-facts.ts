import type { EmulatorOrder, OrderState } from '../orders/emulator-order.js';
import type { JsonValue } from '../wire/json-value.js';

/** What the emulated buyer goes by. */
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

/** The bank that the emulated buyer pays from. */
export const BANK_TYPE = 'OTHERS';

const DESCRIPTIONS: Readonly<Record<OrderState, string>> = {
  NOTPAY: '订单未支付',
  USERPAYING: '用户支付中',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款',
  CLOSED: '订单已关闭',
};

/**
 * The fields that every query of one order answers with; those of a payment are there once it is paid.
 *
 * @param order - the order
 */
export function transactionFacts(order: EmulatorOrder): Readonly<Record<string, JsonValue | undefined>> {
  const { out_trade_no, attach, trade_type } = order.details;
  return {
    out_trade_no,
    attach,
    trade_state: order.state,
    trade_state_desc: DESCRIPTIONS[order.state],
    ...(order.isPaid && { trade_type, bank_type: BANK_TYPE, success_time: successTime(order) }),
  };
}

/**
 * What an order's state means, as WeChat Pay words it.
 *
 * @param state - the state
 */
export function stateDescription(state: OrderState): string {
  return DESCRIPTIONS[state];
}

/**
 * When an order was paid, in Beijing's time as RFC 3339.
 *
 * @param order - the order
 */
export function successTime({ paidAt }: EmulatorOrder): string | undefined {
  return paidAt === undefined ? undefined : `${beijingTime(paidAt)}+08:00`;
}

/**
 * A time on Beijing's clocks, `yyyy-MM-ddTHH:mm:ss`.
 *
 * @param ms - milliseconds since 1970
 */
export function beijingTime(ms: number): string {
  return new Date(ms + 8 * 60 * 60 * 1000).toISOString().slice(0, 19);
}
