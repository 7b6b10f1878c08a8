/**
 * A WeChat Pay that closes every order and answers queries from what it has closed, in a process of its own. Replies are signed
 * ahead of time, so that it is never the limit; one that nobody expected is signed when it is asked for.
 */
import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

import { numberOf } from './app.mjs';

const signAsync = promisify(sign);
process.once('message', (settings) => void start(settings));
process.send('ready');

async function start({ keys, run, orders }) {
  const key = createPrivateKey(keys.platform.privateKey);
  const timestamp = now();
  const signed = async (body, at = timestamp) => {
    const nonce = randomBytes(16).toString('hex');
    const signature = await signAsync('sha256', Buffer.from(`${at}\n${nonce}\n${body}\n`), key);
    const headers = {
      'Wechatpay-Timestamp': at,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Signature': signature.toString('base64'),
      'Wechatpay-Serial': keys.publicKeyId,
      'Request-ID': '08F3B1A5D40610F9',
    };
    return { body, headers };
  };
  const orderIn = (number, trade_state) =>
    JSON.stringify({ mchid: keys.mchid, out_trade_no: number, trade_state, trade_state_desc: trade_state });
  const numbers = Array.from({ length: orders }, (_, index) => numberOf(run, index));
  const closes = await Promise.all(numbers.map(() => signed('')));
  const queries = new Map();
  await Promise.all(numbers.map(async (number) => queries.set(number, await signed(orderIn(number, 'CLOSED')))));
  /** How often each order was closed. */
  const closed = new Map();

  const replyTo = async (method, number) => {
    if (method === 'POST') {
      closed.set(number, (closed.get(number) ?? 0) + 1);
      return closes.pop() ?? signed('', now());
    }
    // A reply is believed once, so a second query has one of its own.
    const ready = closed.has(number) ? queries.get(number) : undefined;
    queries.delete(number);
    return ready ?? signed(orderIn(number, closed.has(number) ? 'CLOSED' : 'NOTPAY'), now());
  };

  const server = createServer((request, response) => {
    const reply = async () => {
      const [, number] = /\/out-trade-no\/([^/?]+)/.exec(request.url) ?? [];
      const { body, headers } = await replyTo(request.method, number);
      response.writeHead(body === '' ? 204 : 200, { ...headers, ...(body && { 'Content-Type': 'application/json' }) });
      response.end(body);
    };
    request.resume().on('end', () => void reply());
  });
  server.keepAliveTimeout = 60_000;
  process.on('message', () => {
    process.send({ orders: closed.size, closes: [...closed.values()].reduce((sum, times) => sum + times, 0) });
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

function now() {
  return String(Math.floor(Date.now() / 1_000));
}
