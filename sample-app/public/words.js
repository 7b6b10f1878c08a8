/** Kinds of orders, in the order of their buttons. */
export const KINDS = {
  basic: { name: 'Basic', chinese: '普通', note: 'a direct merchant’s order' },
  partner: { name: 'Partner', chinese: '服务商', note: 'a service provider’s, for a sub-merchant' },
  combine: { name: 'Combined', chinese: '合单', note: 'two parts, paid and closed as one' },
  repayment: { name: 'Repayment', chinese: '还款', note: 'a combined order of the repayment product' },
  overseas: { name: 'Overseas', chinese: '境外', note: 'in HKD, at the Hong Kong and global endpoints' },
  'payment-code': { name: 'Payment code', chinese: '付款码', note: 'cannot be closed, only reversed' },
};

/** States of orders. */
export const STATES = {
  NOTPAY: { name: 'Unpaid', chinese: '未支付', tone: 'plain' },
  USERPAYING: { name: 'Buyer is paying', chinese: '支付中', tone: 'doubt' },
  SUCCESS: { name: 'Paid', chinese: '已支付', tone: 'paid' },
  REFUND: { name: 'Refunded', chinese: '已退款', tone: 'paid' },
  CLOSED: { name: 'Closed', chinese: '已关闭', tone: 'good' },
};

/** What the shop itself holds of an order, once it hears how it ended. */
export const BOOK = {
  CLOSED: 'Closed 已关闭: nobody can pay it any more',
  PAID: 'Paid 已支付: fulfil it',
  CHECK: 'Given up 已放弃: a person must look',
};

/** Outcomes of the library, and what the page makes of them. */
export const OUTCOMES = {
  not_sent: { name: 'Nothing was sent', tone: 'bad' },
  paid: { name: 'Not closed: paid', tone: 'paid' },
  not_found: { name: 'Not closed: no such order', tone: 'bad' },
  in_progress: { name: 'Not closed: the buyer is paying', tone: 'doubt' },
  needs_reverse: { name: 'Not closed: reverse it instead', tone: 'bad' },
  refused: { name: 'Not closed: refused', tone: 'bad' },
  unknown: { name: 'Unknown: nothing is proven', tone: 'doubt' },
};

/** What an order was placed as. */
export function kindOf(order) {
  if (order.kind !== 'basic') return order.kind;
  if (order.trade_type === 'MICROPAY') return 'payment-code';
  return order.sub_mchid === undefined ? 'basic' : 'partner';
}

/** A sum in the currency's smallest unit, as people write it. */
export function price({ total, currency }) {
  return `${currency} ${(total / 100).toFixed(2)}`;
}

/** A time of day. */
export function timeOf(milliseconds) {
  return new Date(milliseconds).toLocaleTimeString('en-GB');
}
