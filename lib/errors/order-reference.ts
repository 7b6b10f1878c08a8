/** Which order is meant, in WeChat's own names. Empty where the request was too malformed to tell. */
export interface OrderReference {
  /** The merchant that signed (`mch_id`, `mchid`, `sp_mchid`, or the initiator of a combined order). */
  readonly mchid?: string;
  readonly sub_mchid?: string;
  readonly out_trade_no?: string;
  readonly combine_out_trade_no?: string;
  readonly transaction_id?: string;
}

/** The number that an order goes by, if it is known. */
export function numberOf(order: OrderReference): string | undefined {
  return order.out_trade_no ?? order.combine_out_trade_no ?? order.transaction_id;
}

/** An order in words, for messages. */
export function inWords(order: OrderReference): string {
  const number = numberOf(order);
  if (number === undefined) return 'The order';
  const merchant = order.sub_mchid === undefined ? order.mchid : `${order.mchid}, sub-merchant ${order.sub_mchid}`;
  return `Order ${number} (merchant ${merchant})`;
}
