/** Kinds of orders, in the order of their buttons. */
export const KINDS = {
  basic: { name: 'Basic', chinese: '普通', note: 'A direct merchant’s order.' },
  partner: { name: 'Partner', chinese: '服务商', note: 'A service provider’s order, for a sub-merchant.' },
  combine: { name: 'Combined', chinese: '合单', note: 'Two parts, paid and closed as one.' },
  repayment: { name: 'Repayment', chinese: '还款', note: 'A combined order of the repayment product.' },
  overseas: { name: 'Overseas', chinese: '境外', note: 'In HKD, at the Hong Kong and global endpoints.' },
  'payment-code': { name: 'Payment code', chinese: '付款码', note: 'It cannot be closed, only reversed.' },
};

/** States of orders at WeChat Pay. */
export const STATES = {
  NOTPAY: { name: 'Unpaid', chinese: '未支付', tone: 'plain' },
  USERPAYING: { name: 'Buyer is paying', chinese: '支付中', tone: 'doubt' },
  SUCCESS: { name: 'Paid', chinese: '已支付', tone: 'paid' },
  REFUND: { name: 'Refunded', chinese: '已退款', tone: 'paid' },
  CLOSED: { name: 'Closed', chinese: '已关闭', tone: 'good' },
};

/** What the shop itself holds of an order. */
export const BOOK = {
  PENDING: { name: 'Pending', chinese: '待支付', tone: 'plain' },
  CLOSED: { name: 'Closed', chinese: '已关闭', tone: 'good' },
  PAID: { name: 'Paid', chinese: '已支付', tone: 'paid' },
  CHECK: { name: 'Given up', chinese: '已放弃', tone: 'bad' },
};

/** A payment for an order that the shop had closed. */
export const GHOST = { name: 'Ghost payment', chinese: '幽灵支付', tone: 'bad' };

/** What can go wrong with the next close. */
export const FAULTS = {
  '': { name: 'Nothing', chinese: '正常', note: '' },
  lostReply: {
    name: 'Lost reply',
    chinese: '应答丢失',
    note: 'WeChat Pay closes the order, but its reply never arrives. A signed query confirms it.',
  },
  forgedReply: {
    name: 'Forged reply',
    chinese: '伪造应答',
    note: 'Somebody on the way says that it is closed. It is not, and the library does not believe it.',
  },
  serverError: {
    name: 'Error 500',
    chinese: '系统错误',
    note: 'WeChat Pay fails twice. The library tries again, later each time.',
  },
  slow: { name: 'Slow', chinese: '响应缓慢', note: 'The reply takes three seconds.' },
  paidFirst: {
    name: 'Paid just before',
    chinese: '抢先支付',
    note: 'The buyer pays in the moment in which the order is to be closed.',
  },
};

/** Outcomes of the library, and what the page makes of them. */
export const OUTCOMES = {
  closed: { name: 'Closed', chinese: '已关闭', tone: 'good' },
  not_sent: { name: 'Nothing was sent', chinese: '未发送', tone: 'bad' },
  paid: { name: 'Not closed: paid', chinese: '已支付', tone: 'paid' },
  not_found: { name: 'Not closed: no such order', chinese: '订单不存在', tone: 'bad' },
  in_progress: { name: 'Not closed: the buyer is paying', chinese: '支付中', tone: 'doubt' },
  needs_reverse: { name: 'Not closed: reverse it instead', chinese: '请撤销', tone: 'bad' },
  refused: { name: 'Not closed: refused', chinese: '被拒绝', tone: 'bad' },
  unknown: { name: 'Unknown: nothing is proven', chinese: '结果未知', tone: 'doubt' },
};
