/**
 * Calls a route of the sample application.
 *
 * @param {string} method
 * @param {string} path
 * @param {string} [body] JSON, sent as it is
 * @returns {Promise<{ status: number, body: any }>}
 */
export async function call(method, path, body) {
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

/** Which WeChat Pay the application talks to. */
export const readStatus = () => ask('GET', '/status');

/** All orders, newest first. */
export const readOrders = () => ask('GET', '/shop/orders');

/** Every request that the emulator has seen, oldest first. */
export const readRequests = () => ask('GET', '/shop/requests');

/** Places an order of a kind, which closes itself after some seconds. */
export const placeOrder = (kind, closeAfterSeconds) =>
  ask('POST', '/shop/orders', JSON.stringify({ kind, closeAfterSeconds }));

/** The buyer pays. */
export const payOrder = (id) => ask('POST', `/shop/orders/${encodeURIComponent(id)}/pay`);

/** The buyer begins to type the password. */
export const startPaying = (id) => ask('POST', `/shop/orders/${encodeURIComponent(id)}/start-paying`);

/**
 * Closes an order through one of the application's routes, and reads what the emulator saw of it meanwhile.
 *
 * @param {string} path
 * @param {string} body JSON
 */
export async function closeOrder(path, body) {
  const before = (await readRequests()).at(-1)?.id ?? 0;
  const answer = await call('POST', path, body);
  const exchanges = (await readRequests()).filter(({ id }) => id > before);
  return { path, body, answer, exchanges };
}
