import { tick } from './countdown.js';
import { byId, element } from './elements.js';
import { showOrder } from './order-panel.js';
import { showOrders } from './orders-list.js';
import { closeOrder, payOrder, placeOrder, readOrders, readStatus, startPaying } from './shop-client.js';
import { KINDS } from './words.js';

let chosenId;
/** What each order's last close came to. */
const results = new Map();
/** What was shown last. */
let shown = [];

/**
 * Runs what a person asked for, shows the shop as it is then, and says what went wrong.
 *
 * @param work - what to do
 * @param next - id of the heading to go on from
 */
async function act(work, next) {
  try {
    await work();
    await refresh();
    if (next !== undefined) goTo(next);
  } catch (error) {
    say(error.message, 'bad');
  }
}

async function refresh() {
  show(await readOrders());
}

/** Looks every second: an order closes itself, without anybody's doing. */
async function watch() {
  tick();
  const orders = await readOrders().catch(() => undefined);
  if (orders !== undefined && JSON.stringify(orders) !== JSON.stringify(shown)) show(orders, false);
}

/**
 * Shows the shop.
 *
 * @param orders - newest first
 * @param anew - whether the chosen order is shown again though nothing of it changed: what a person types there would be lost
 */
function show(orders, anew = true) {
  const find = (among) => among.find(({ id }) => id === chosenId);
  const [order, before] = [find(orders), find(shown)];
  shown = orders;
  showOrders(orders, chosenId, choose);
  if (order === undefined || (!anew && JSON.stringify(order) === JSON.stringify(before))) return;
  showOrder(order, actionsOf(order), results.get(order.id));
}

function choose(id) {
  return act(() => {
    chosenId = id;
  }, 'order-title');
}

function place(kind) {
  return act(async () => {
    const after = byId('after');
    if (!after.reportValidity()) return;
    const order = await placeOrder(kind, after.valueAsNumber);
    chosenId = order.id;
    say(`Order ${order.out_trade_no} is placed.`);
  });
}

function actionsOf({ id, out_trade_no }) {
  const buyer = (change, words) =>
    act(async () => {
      await change(id);
      say(`${words} order ${out_trade_no}.`);
    }, 'order-title');
  return {
    pay: () => buyer(payOrder, 'The buyer has paid'),
    startPaying: () => buyer(startPaying, 'The buyer begins to pay'),
    close: (path, body) =>
      act(async () => {
        results.set(id, await closeOrder(path, body));
        say('');
      }, 'result-title'),
  };
}

/** Moves there: what was pressed has been made anew, and on a phone the order is below the list. */
function goTo(id) {
  byId(id).focus({ preventScroll: true });
  byId(id).scrollIntoView({ block: 'nearest' });
}

function say(text, tone = 'plain') {
  byId('message').textContent = text;
  byId('message').className = tone;
}

function showReal(mchid) {
  byId('status').textContent =
    `This shop talks to the real WeChat Pay, as merchant ${mchid}. ` +
    'No emulator runs, so orders cannot be placed or paid here; the API docs close real ones.';
  byId('status').className = 'real';
}

function showEmulator(mchid, kms) {
  byId('status').textContent =
    `This shop talks to an emulated WeChat Pay in its own process, as merchant ${mchid}. ` +
    'It keeps orders, checks every signature and signs every answer, as the real one does; no money moves.' +
    (kms ? ` The private key is in a KMS at ${kms.url}, which signs each request.` : '');
  byId('desk').hidden = false;
}

byId('kinds').replaceChildren(
  ...Object.entries(KINDS).map(([kind, { name, chinese, note }]) =>
    element(
      'button',
      { type: 'button', title: note, onclick: () => void place(kind) },
      name,
      ' ',
      element('span', { lang: 'zh' }, chinese),
    ),
  ),
);

const { wechatPay, mchid, kms } = await readStatus();
if (wechatPay === 'real') {
  showReal(mchid);
} else {
  showEmulator(mchid, kms);
  await refresh();
  setInterval(() => void watch(), 1_000);
}
