import { z } from 'zod';

/**
 * Fields that several variants share. A number that has passed here can change neither a path nor an XML document.
 *
 * @see protocol §1.2: request fields, and contradictions #7 for the character sets
 */

/** `mchid`, `mch_id`, `sp_mchid`, `sub_mchid`: 1 to 32 digits. */
export const mchid = z.string().regex(/^\d{1,32}$/, 'must be a merchant number: 1 to 32 digits');

/** `appid`: at most 32 letters and digits. */
export const appid = z.string().regex(/^[0-9A-Za-z_-]{1,32}$/, 'must be an appid: 1 to 32 letters, digits, _ or -');

/** `out_trade_no` of mainland orders: 6 to 32 characters. */
export const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/, 'must be 6 to 32 letters, digits, _, -, | or *');

/** `out_trade_no` of overseas orders: 1 to 32 characters. */
export const overseasOutTradeNo = z
  .string()
  .regex(/^[0-9A-Za-z_\-|*]{1,32}$/, 'must be 1 to 32 letters, digits, _, -, | or *');

/** `out_trade_no` of a combined order's parts: 6 to 32 characters, `@` among them. */
export const subOutTradeNo = z
  .string()
  .regex(/^[0-9A-Za-z_\-|*@]{6,32}$/, 'must be 6 to 32 letters, digits, _, -, |, * or @');

/** `combine_out_trade_no`: 1 to 32 characters. */
export const combineOutTradeNo = z
  .string()
  .regex(/^[0-9A-Za-z_\-|*@]{1,32}$/, 'must be 1 to 32 letters, digits, _, -, |, * or @');

/** `transaction_id`, WeChat Pay's own number: 1 to 32 letters and digits. */
export const transactionId = z
  .string()
  .regex(/^[0-9A-Za-z]{1,32}$/, "must be WeChat Pay's order number: 1 to 32 letters or digits");

/**
 * Refuses a part that stands twice.
 *
 * @param parts - sub-orders
 */
export function eachOnce(parts: readonly { readonly mchid: string; readonly out_trade_no: string }[]): boolean {
  return new Set(parts.map((part) => `${part.mchid}/${part.out_trade_no}`)).size === parts.length;
}
