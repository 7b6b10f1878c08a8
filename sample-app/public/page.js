import { showChoices } from './choices.js';
import { readCloseForm } from './close-form.js';
import { byId } from './elements.js';
import { listen } from './feed.js';
import { announceNewsOf, showOrder, tickOrder } from './order-panel.js';
import { showOrders, tickOrders } from './orders-list.js';
import * as shop from './shop-client.js';
import { KINDS } from './words.js';

/** All orders, newest first. */
let orders = [];
let chosenId;
let chosenKind = 'basic';

/** Runs what a person asked for, and says what went wrong. */
async function act(work) {
  try {
    await work();
  } catch (error) {
    say(error.message, 'bad');
  }
}

function say(text, tone = 'plain') {
  byId('message').textContent = text;
  byId('message').className = tone;
}

/** What assistive technology hears of; the page shows it elsewhere. */
function announce(text) {
  say(text, 'unseen');
}

function show() {
  showOrders(orders, chosenId, (id) => choose(id));
  const order = orders.find(({ id }) => id === chosenId);
  if (order !== undefined) {
    showOrder(order, (fault) => void act(async () => update(await shop.armFault(order.id, fault))), announce);
    announceNewsOf(order.id);
  }
  tick();
}

function tick() {
  const now = Date.now();
  tickOrders(orders, now);
  const order = orders.find(({ id }) => id === chosenId);
  if (order !== undefined) tickOrder(order, now);
}

/** Takes an order as it is now. */
function update(order) {
  const isKnown = orders.some(({ id }) => id === order.id);
  orders = isKnown ? orders.map((other) => (other.id === order.id ? newer(other, order) : other)) : [order, ...orders];
  show();
}

/** An answer may arrive after an event that tells of a later state. */
function newer(one, other) {
  return one !== undefined && one.version > other.version ? one : other;
}

function choose(id) {
  chosenId = id;
  say('');
  show();
  // On a phone the order is below the list.
  byId('order-title').focus({ preventScroll: true });
  byId('order').scrollIntoView({ block: 'nearest' });
}

/** A button that does something to the chosen order. */
function button(id, work) {
  byId(id).addEventListener('click', () => void act(async () => update(await work(chosenId))));
}

function form(id, work) {
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault();
    void act(work);
  });
}

async function place() {
  const order = await shop.placeOrder(chosenKind, byId('after').valueAsNumber);
  update(order);
  choose(order.id);
  say(`Order ${order.out_trade_no} is placed.`, 'unseen');
}

async function close() {
  const { path, body } = readCloseForm();
  byId('close-button').setAttribute('aria-busy', 'true');
  say('');
  try {
    const { body: answer } = await shop.closeOrder(path, body);
    // What the library concludes is in the timeline; a body that Nest refused is not.
    if (answer.state === undefined && answer.outcome === undefined) say([answer.message].flat().join('; '), 'bad');
    else if (answer.outcome === 'not_sent') say(answer.detail, 'bad');
  } finally {
    byId('close-button').removeAttribute('aria-busy');
  }
}

function chooseKind(kind) {
  chosenKind = kind;
  byId('kind-note').textContent = KINDS[kind].note;
}

function connection(words, tone) {
  byId('live').textContent = words;
  byId('live').className = `live ${tone}`;
  byId('live').hidden = false;
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

const { wechatPay, mchid, kms } = await shop.readStatus();
if (wechatPay === 'real') {
  showReal(mchid);
} else {
  showEmulator(mchid, kms);
  showChoices(byId('kinds'), 'kind', KINDS, chosenKind, chooseKind);
  chooseKind(chosenKind);
  form('place', place);
  form('close', close);
  button('pay', shop.payOrder);
  button('start-paying', shop.startPaying);
  button('close-now', shop.closeNow);
  button('drop', shop.dropOrder);
  listen({
    connected: () =>
      void act(async () => {
        const all = await shop.readOrders();
        orders = all.map((order) =>
          newer(
            orders.find(({ id }) => id === order.id),
            order,
          ),
        );
        show();
        connection('Live', 'on');
      }),
    changed: update,
    lost: () => connection('Connecting…', 'off'),
  });
  setInterval(tick, 250);
}
