import { check, showChoices } from './choices.js';
import { byId } from './elements.js';
import { FAULTS } from './words.js';

/** Of the order whose form is shown. */
let shownId;

/**
 * Shows the form that closes an order: by which variant, with which body, and what goes wrong meanwhile. The body may be edited,
 * to see what a wrong one comes to; so the form is made anew only for another order.
 *
 * @param order - with the routes that close it
 * @param {(fault: string) => void} arm called with what is to go wrong
 */
export function showCloseForm(order, arm) {
  showFault(order.fault ?? '', arm);
  if (shownId === order.id) return;
  shownId = order.id;
  const fill = (path) => {
    const chosen = order.closes.find((choice) => choice.path === path);
    byId('body').value = JSON.stringify(chosen.body, null, 2);
    byId('body').rows = Math.min(16, byId('body').value.split('\n').length);
    byId('route').textContent = `POST ${path}`;
  };
  const [{ path: first }] = order.closes;
  const variants = Object.fromEntries(order.closes.map(({ variant, path }) => [path, { name: variant }]));
  showChoices(byId('variants'), 'path', variants, first, fill);
  fill(first);
}

/** What the form says: the route's path and the body. */
export function readCloseForm() {
  return { path: new FormData(byId('close')).get('path'), body: byId('body').value };
}

function showFault(fault, arm) {
  const place = byId('faults');
  if (place.childElementCount === 0) {
    showChoices(place, 'fault', FAULTS, fault, (value) => place.arm(value));
  }
  // The radio buttons stay, and with them the focus; whom they call changes with the order.
  place.arm = arm;
  check(place, fault);
  byId('fault-note').textContent = FAULTS[fault].note;
}
