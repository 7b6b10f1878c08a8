import { countdown } from './countdown.js';
import { byId, element } from './elements.js';
import { KINDS, kindOf, price, STATES } from './words.js';

/** An order's state as a small badge. */
export function stateBadge(order) {
  const { name, chinese, tone } = STATES[order.state];
  return element('span', { class: `badge ${tone}` }, name, ' ', element('span', { lang: 'zh' }, chinese));
}

/**
 * Shows the orders.
 *
 * @param orders - newest first
 * @param chosenId - of the order that is shown in full
 * @param choose - called with the id of an order
 */
export function showOrders(orders, chosenId, choose) {
  byId('no-orders').hidden = orders.length > 0;
  const list = byId('orders');
  // The list is made anew, so the focus would be lost on whoever moves through it by keyboard.
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : undefined;
  list.replaceChildren(...orders.map((order) => row(order, order.id === chosenId, choose)));
  if (focused !== undefined) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function row(order, isChosen, choose) {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'row',
      'data-id': order.id,
      'aria-pressed': String(isChosen),
      onclick: () => choose(order.id),
    },
    element('span', { class: 'number' }, order.out_trade_no),
    element('span', { class: 'kind' }, `${KINDS[kindOf(order)].name} · ${price(order)}`),
    stateBadge(order),
    ...(order.book === undefined ? [] : [countdown(order.book)]),
  );
  return element('li', {}, button);
}
