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

/** A time of day, to the millisecond. */
export function timeOf(milliseconds) {
  const time = new Date(milliseconds);
  return `${time.toLocaleTimeString('en-GB')}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** A while, as people say it. */
export function whileOf(milliseconds) {
  return milliseconds < 1_000 ? `${milliseconds} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
