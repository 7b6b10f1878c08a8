/** Which order is meant, in WeChat's own names. Empty where the request was too malformed to tell. */
export interface OrderReference {
  /** The merchant that signed (`mch_id`, `mchid`, `sp_mchid`, or the initiator of a combined order). */
  readonly mchid?: string;
  readonly sub_mchid?: string;
  readonly out_trade_no?: string;
  readonly combine_out_trade_no?: string;
  readonly transaction_id?: string;
}

/** An order in words, for messages. */
export function inWords(order: OrderReference): string {
  const number = order.out_trade_no ?? order.combine_out_trade_no ?? order.transaction_id;
  if (number === undefined) return 'The order';
  const merchant = order.sub_mchid === undefined ? order.mchid : `${order.mchid}, sub-merchant ${order.sub_mchid}`;
  return `Order ${number} (merchant ${merchant})`;
}
