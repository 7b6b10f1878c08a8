import { closeForm } from './close-form.js';
import { closeResult } from './close-result.js';
import { countdown } from './countdown.js';
import { byId, element } from './elements.js';
import { stateBadge } from './orders-list.js';
import { KINDS, kindOf, price, STATES, timeOf } from './words.js';

/**
 * Shows one order in full.
 *
 * @param order - as the shop tells it
 * @param actions - `pay`, `startPaying` and `close`
 * @param last - what its last close came to, if there was one
 */
export function showOrder(order, actions, last) {
  byId('order').replaceChildren(
    element(
      'div',
      { class: 'order-head' },
      element('h2', { id: 'order-title', tabindex: '-1' }, element('span', { class: 'number' }, order.out_trade_no)),
      stateBadge(order),
    ),
    facts(order),
    buyer(order, actions),
    closeForm(order, last, actions.close),
    ...(last === undefined ? [] : [closeResult(last)]),
  );
}

function facts(order) {
  const { name, note } = KINDS[kindOf(order)];
  const known = [
    ['Kind', `${name}: ${note}`],
    ['The shop', order.book && countdown(order.book)],
    ['Price', price(order)],
    ['Merchant', order.mchid],
    ['Sub-merchant', order.sub_mchid],
    ['transaction_id', order.transaction_id],
    ['Parts', order.sub_orders.map(({ out_trade_no }) => out_trade_no).join(', ')],
    ['History', order.changes.map(({ state, at }) => `${timeOf(at)} ${STATES[state].name.toLowerCase()}`).join(' → ')],
  ].filter(([, value]) => value !== undefined && value !== '');
  return element(
    'dl',
    { class: 'facts' },
    ...known.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]),
  );
}

function buyer(order, { pay, startPaying }) {
  const canPay = order.state === 'NOTPAY' || order.state === 'USERPAYING';
  if (!canPay) return element('div', { hidden: true });
  return element(
    'div',
    { class: 'buttons', role: 'group', 'aria-label': 'What the buyer does' },
    element('button', { type: 'button', onclick: pay }, 'Buyer pays ', element('span', { lang: 'zh' }, '支付')),
    element(
      'button',
      { type: 'button', onclick: startPaying, disabled: order.state !== 'NOTPAY' },
      'Buyer begins to pay ',
      element('span', { lang: 'zh' }, '支付中'),
    ),
  );
}
