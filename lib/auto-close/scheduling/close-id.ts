import type { OrderReference } from '../../errors/order-reference.js';

const NUMBERS = ['out_trade_no', 'combine_out_trade_no', 'transaction_id'] as const;

/**
 * Names an order in a store: the merchant that signs, the sub-merchant where there is one, which kind of number it is, and
 * the number. Two orders never share a name. BullMQ takes neither `:` nor a bare whole number as the name of a job, so there is
 * none of either.
 *
 * @param order - names its merchant and its number
 * @returns the name, or `undefined` where the order has no merchant or no number
 */
export function closeIdOf(order: OrderReference): string | undefined {
  const kind = NUMBERS.find((name) => order[name] !== undefined);
  const number = kind && order[kind];
  if (kind === undefined || number === undefined || order.mchid === undefined) return undefined;
  const parts = order.sub_mchid === undefined ? [order.mchid] : [order.mchid, order.sub_mchid];
  const all = [...parts, kind, number];
  // Half of a character pair, which no encoding takes, is in no number.
  return all.some((part) => /\p{Surrogate}/u.test(part)) ? undefined : all.map(encodeURIComponent).join('.');
}
