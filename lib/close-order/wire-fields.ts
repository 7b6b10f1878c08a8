import { z } from 'zod';

/**
 * A text that keeps to a pattern. The fields below are made of it: one that has passed can change neither a path nor an
 * XML document.
 *
 * @param pattern - of the whole text
 * @param rule - the pattern in words, the rest of a sentence that begins with the field's name
 * @see protocol §1.2: request fields, and contradictions #7 for the character sets
 */
export function text(pattern: RegExp, rule: string) {
  const error = ({ input }: { input?: unknown }) => (input === undefined ? `is missing; it ${rule}` : rule);
  return z.string({ error }).regex(pattern, rule);
}

/** `mchid`, `mch_id`, `sp_mchid`, `sub_mchid`: 1 to 32 digits. */
export const mchid = text(/^\d{1,32}$/, 'must be a merchant number: 1 to 32 digits');

/** `appid`: at most 32 letters and digits. */
export const appid = text(/^[0-9A-Za-z_-]{1,32}$/, 'must be an appid: 1 to 32 letters, digits, _ or -');

/** `out_trade_no` of mainland orders: 6 to 32 characters. */
export const outTradeNo = text(/^[0-9A-Za-z_\-|*]{6,32}$/, 'must be 6 to 32 letters, digits, _, -, | or *');

/** `out_trade_no` of overseas orders: 1 to 32 characters. */
export const overseasOutTradeNo = text(/^[0-9A-Za-z_\-|*]{1,32}$/, 'must be 1 to 32 letters, digits, _, -, | or *');

/** `out_trade_no` of a combined order's parts: 6 to 32 characters, `@` among them. */
export const subOutTradeNo = text(/^[0-9A-Za-z_\-|*@]{6,32}$/, 'must be 6 to 32 letters, digits, _, -, |, * or @');

/** `combine_out_trade_no`: 1 to 32 characters. */
export const combineOutTradeNo = text(/^[0-9A-Za-z_\-|*@]{1,32}$/, 'must be 1 to 32 letters, digits, _, -, |, * or @');

/** `transaction_id`, WeChat Pay's own number: 1 to 32 letters and digits. */
export const transactionId = text(
  /^[0-9A-Za-z]{1,32}$/,
  "must be WeChat Pay's order number: 1 to 32 letters or digits",
);

/**
 * Refuses a part that stands twice.
 *
 * @param parts - sub-orders
 */
export function eachOnce(parts: readonly { readonly mchid: string; readonly out_trade_no: string }[]): boolean {
  return new Set(parts.map((part) => `${part.mchid}/${part.out_trade_no}`)).size === parts.length;
}
