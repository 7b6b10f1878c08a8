/**
 * Calls a route of the sample application.
 *
 * @param {string} method
 * @param {string} path
 * @param {string} [body] JSON, sent as it is
 * @returns {Promise<{ status: number, body: any }>}
 */
async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { body, headers: { 'Content-Type': 'application/json' } }),
  });
  return { status: response.status, body: await response.json() };
}

/** Calls a route that is expected to work; an error says why it did not. */
async function ask(method, path, body) {
  const answer = await call(method, path, body);
  if (answer.status >= 400) throw new Error(String(answer.body.message));
  return answer.body;
}

const of = (id) => `/shop/orders/${encodeURIComponent(id)}`;

/** Which WeChat Pay the application talks to. */
export const readStatus = () => ask('GET', '/status');

/** All orders, newest first. */
export const readOrders = () => ask('GET', '/shop/orders');

/** A request that the emulator has seen, and its answer. */
export const readRequest = (id) => ask('GET', `/shop/requests/${id}`);

/** Places an order of a kind, which closes itself after some seconds. */
export const placeOrder = (kind, closeAfterSeconds) =>
  ask('POST', '/shop/orders', JSON.stringify({ kind, closeAfterSeconds }));

/** The buyer pays. */
export const payOrder = (id) => ask('POST', `${of(id)}/pay`);

/** The buyer begins to type the password. */
export const startPaying = (id) => ask('POST', `${of(id)}/start-paying`);

/** The order's time is up. */
export const closeNow = (id) => ask('POST', `${of(id)}/close-now`);

/** The shop closes the order in its book alone. */
export const dropOrder = (id) => ask('POST', `${of(id)}/drop`);

/** What goes wrong when the order is closed the next time; an empty text for nothing. */
export const armFault = (id, fault) => ask('PUT', `${of(id)}/fault`, JSON.stringify({ fault: fault || null }));

/**
 * Closes an order through one of the application's routes. It may fail in ways that are no error of the page.
 *
 * @param {string} path
 * @param {string} body JSON
 */
export const closeOrder = (path, body) => call('POST', path, body);
