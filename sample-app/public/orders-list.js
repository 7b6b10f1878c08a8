import { countdownOf } from './countdown.js';
import { byId, chip, element } from './elements.js';
import { kindOf, price } from './formats.js';
import { GHOST, KINDS, STATES } from './words.js';

/**
 * Shows the orders. Rows stay where they are, so that the focus does, too.
 *
 * @param orders - newest first
 * @param chosenId - of the order that is shown in full
 * @param choose - called with the id of an order
 */
export function showOrders(orders, chosenId, choose) {
  byId('no-orders').hidden = orders.length > 0;
  const list = byId('orders');
  const rows = new Map([...list.children].map((row) => [row.dataset.id, row]));
  orders.forEach((order, index) => {
    const row = rows.get(order.id) ?? newRow(order, choose);
    rows.delete(order.id);
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    const button = row.firstElementChild;
    button.setAttribute('aria-pressed', String(order.id === chosenId));
    row.querySelector('.now').replaceChildren(chip(order.book?.ghost ? GHOST : STATES[order.state]));
  });
  for (const row of rows.values()) row.remove();
}

/**
 * Counts the orders down.
 *
 * @param orders - as they are shown
 * @param {number} now in milliseconds
 */
export function tickOrders(orders, now) {
  for (const order of orders) {
    const line = byId('orders').querySelector(`[data-id="${CSS.escape(order.id)}"] .left`);
    if (line !== null) line.textContent = countdownOf(order, now)?.words ?? '';
  }
}

function newRow(order, choose) {
  return element(
    'li',
    { 'data-id': order.id },
    element(
      'button',
      { type: 'button', class: 'row', onclick: () => choose(order.id) },
      element('span', { class: 'number' }, order.out_trade_no),
      element('span', { class: 'kind' }, `${KINDS[kindOf(order)].name} · ${price(order)}`),
      element('span', { class: 'now' }),
      element('span', { class: 'left' }),
    ),
  );
}
