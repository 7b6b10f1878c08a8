import { z } from 'zod';

/**
 * A text that keeps to a pattern. The fields below are made of it: one that has passed can change neither a path nor an
 * XML document. Their descriptions lead with WeChat Pay's own name of the field, for OpenAPI documents.
 *
 * @param pattern - of the whole text
 * @param rule - the pattern in words, the rest of a sentence that begins with the field's name
 * @see protocol §1.2: request fields, and contradictions #7 for the character sets
 */
export function text(pattern: RegExp, rule: string) {
  const error = ({ input }: { input?: unknown }) => (input === undefined ? `is missing; it ${rule}` : rule);
  return z.string({ error }).regex(pattern, rule);
}

const merchantNumber = text(/^\d{1,32}$/, 'must be a merchant number: 1 to 32 digits');

/** `mchid`, `mch_id`: 1 to 32 digits. */
export const mchid = merchantNumber.meta({
  description: '商户号. The merchant whose order it is, as WeChat Pay issued the number: 1 to 32 digits',
  examples: ['1900000109'],
});

/** `sp_mchid`: 1 to 32 digits. */
export const spMchid = merchantNumber.meta({
  description: '服务商商户号. The service provider (overseas: institution) that placed the order: 1 to 32 digits',
  examples: ['1900000109'],
});

/** `sub_mchid`, `sub_mch_id`: 1 to 32 digits. */
export const subMchid = merchantNumber.meta({
  description: '子商户号. The sub-merchant that the order was placed for: 1 to 32 digits',
  examples: ['1230000109'],
});

/** `appid`: at most 32 letters and digits. */
export const appid = text(/^[0-9A-Za-z_-]{1,32}$/, 'must be an appid: 1 to 32 letters, digits, _ or -').meta({
  description: '公众账号ID. The appid that the order was placed with',
  examples: ['wx8888888888888888'],
});

/** `sub_appid`: at most 32 letters and digits. */
export const subAppid = appid.meta({
  description: "子商户公众账号ID. The sub-merchant's appid, where the order was placed with one",
  examples: ['wx7777777777777777'],
});

/** `out_trade_no` of mainland orders: 6 to 32 characters. */
export const outTradeNo = text(/^[0-9A-Za-z_\-|*]{6,32}$/, 'must be 6 to 32 letters, digits, _, -, | or *').meta({
  description: "商户订单号. The merchant's own order number, one of a kind: 6 to 32 letters, digits, _, -, | or *",
  examples: ['1217752501201407033233368018'],
});

/** `out_trade_no` of overseas orders: 1 to 32 characters. */
export const overseasOutTradeNo = text(
  /^[0-9A-Za-z_\-|*]{1,32}$/,
  'must be 1 to 32 letters, digits, _, -, | or *',
).meta({
  description: "商户订单号. The merchant's own order number, one of a kind: 1 to 32 letters, digits, _, -, | or *",
  examples: ['1217752501201407033233368018'],
});

/** `out_trade_no` of a combined order's parts: 6 to 32 characters, `@` among them. */
export const subOutTradeNo = text(/^[0-9A-Za-z_\-|*@]{6,32}$/, 'must be 6 to 32 letters, digits, _, -, |, * or @').meta(
  {
    description: "子单商户订单号. The part's own order number: 6 to 32 letters, digits, _, -, |, * or @",
    examples: ['20150806125346-1'],
  },
);

/** `combine_out_trade_no`: 1 to 32 characters. */
export const combineOutTradeNo = text(
  /^[0-9A-Za-z_\-|*@]{1,32}$/,
  'must be 1 to 32 letters, digits, _, -, |, * or @',
).meta({
  description: "合单商户订单号. The combined order's number: 1 to 32 letters, digits, _, -, |, * or @",
  examples: ['P20150806125346'],
});

/** `transaction_id`, WeChat Pay's own number: 1 to 32 letters and digits. */
export const transactionId = text(
  /^[0-9A-Za-z]{1,32}$/,
  "must be WeChat Pay's order number: 1 to 32 letters or digits",
).meta({
  description: "微信支付订单号. WeChat Pay's own order number: 1 to 32 letters or digits",
  examples: ['1217752501201407033233368018'],
});

/** `sub_orders`, said of both endpoints that have it. */
export const SUB_ORDERS = '子单信息. All parts of the combined order, each once; there is no partial close';

/**
 * Refuses a part that stands twice.
 *
 * @param parts - sub-orders
 */
export function eachOnce(parts: readonly { readonly mchid: string; readonly out_trade_no: string }[]): boolean {
  return new Set(parts.map((part) => `${part.mchid}/${part.out_trade_no}`)).size === parts.length;
}
