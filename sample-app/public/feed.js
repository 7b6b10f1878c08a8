/**
 * Listens to the shop. The browser connects anew by itself, and whoever connects is told to read everything again, so that
 * nothing is missed.
 *
 * @param {object} told
 * @param {() => void} told.connected everything is to be read
 * @param {(order: object) => void} told.changed an order, as it is now
 * @param {() => void} told.lost the shop is not there
 */
export function listen({ connected, changed, lost }) {
  const source = new EventSource('/shop/events');
  source.addEventListener('hello', connected);
  source.addEventListener('order', (event) => changed(JSON.parse(event.data)));
  source.addEventListener('error', lost);
  // A page that is kept for the back button would hold one of the browser's few connections.
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
}
