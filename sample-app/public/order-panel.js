import { showCloseForm } from './close-form.js';
import { countdownOf } from './countdown.js';
import { byId, chip, element } from './elements.js';
import { kindOf, price } from './formats.js';
import { lineOf, sentenceOf } from './timeline-words.js';
import { showTimeline } from './timeline-view.js';
import { BOOK, GHOST, KINDS, OUTCOMES, STATES } from './words.js';

/** Says in one short sentence what the shop holds of an order. */
let announced;

/**
 * Shows one order in full.
 *
 * @param order - as the shop tells it
 * @param {(fault: string) => void} arm called with what is to go wrong
 * @param {(text: string) => void} announce called with what a person should hear of
 */
export function showOrder(order, arm, announce) {
  byId('no-order').hidden = true;
  byId('order').hidden = false;
  byId('order-title').textContent = order.out_trade_no;
  byId('facts').textContent = factsOf(order).join(' · ');
  byId('states').replaceChildren(
    ...state('At WeChat Pay', STATES[order.state]),
    ...(order.book === undefined ? [] : state('In the shop’s book', order.book.ghost ? GHOST : BOOK[order.book.state])),
  );
  byId('pay').disabled = order.state !== 'NOTPAY' && order.state !== 'USERPAYING';
  byId('start-paying').disabled = order.state !== 'NOTPAY';
  byId('drop').disabled = order.book?.state !== 'PENDING';
  showCloseForm(order, arm);
  showTimeline(byId('timeline'), order.timeline);
  showVerdict(order, announce);
  tickOrder(order, Date.now());
}

/**
 * Counts the order down that is shown in full.
 *
 * @param order - as it is shown
 * @param {number} now in milliseconds
 */
export function tickOrder(order, now) {
  const countdown = countdownOf(order, now);
  byId('due').hidden = countdown === undefined;
  byId('countdown').textContent = countdown?.words ?? '';
  byId('countdown-bar').value = countdown?.left ?? 0;
}

function factsOf(order) {
  const parts = order.sub_orders.length;
  return [
    KINDS[kindOf(order)].name,
    price(order),
    ...(order.sub_mchid === undefined ? [] : [`sub-merchant ${order.sub_mchid}`]),
    ...(parts === 0 ? [] : [`${parts} parts`]),
  ];
}

function state(name, value) {
  return [element('dt', {}, name), element('dd', {}, chip(value))];
}

/** What is known at last: how the last call ended, or that the order was paid. */
function showVerdict({ id, timeline }, announce) {
  const last = lastWord(timeline);
  const verdict = byId('verdict');
  const key = last === undefined ? id : `${id} ${last.key}`;
  if (verdict.dataset.key === key) return;
  verdict.dataset.key = key;
  verdict.hidden = last === undefined;
  if (last === undefined) return;
  const { name, chinese, tone } = last.kind === 'outcome' ? OUTCOMES[last.outcome] : last.ghost ? GHOST : BOOK.PAID;
  const sentence = last.kind === 'outcome' ? sentenceOf(last) : lineOf(last).note;
  verdict.className = `verdict ${tone}`;
  verdict.replaceChildren(
    element('strong', {}, name, ' ', element('span', { lang: 'zh' }, chinese)),
    element('p', {}, sentence),
  );
  // Choosing an order that ended long ago is no news.
  if (announced === id) announce(`${name}. ${sentence}`);
}

function lastWord(timeline) {
  const last = timeline.findLast(({ kind }) => kind === 'outcome' || kind === 'notified');
  if (last?.kind !== 'notified' || last.ghost) return last;
  // The notification may come after a close that has said so already, and says more.
  return timeline.findLast(({ outcome }) => outcome === 'paid') ?? last;
}

/**
 * From now on, news of this order is announced.
 *
 * @param {string} id
 */
export function announceNewsOf(id) {
  announced = id;
}
