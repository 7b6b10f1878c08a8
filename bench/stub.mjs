/**
 * A WeChat Pay that answers every close as closed, in a process of its own. It shares the cores with the client that is measured, and so it
 * does as little as can be: it reads HTTP from bare sockets, just as far as these clients speak it, and its APIv3 replies are written and
 * signed ahead of time. Each has a nonce of its own, since ours does not believe a reply twice.
 */
import { createHmac, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';

import { answerTo } from './processes.mjs';

const signAsync = promisify(sign);
/** APIv3 replies that have not been sent yet. */
const written = [];
let keys;
let api;
let latencyMs = 0;

answerTo({
  start: async (settings) => {
    ({ keys, api } = settings);
    return { port: await listen(settings.tls) };
  },
  /** So many closes come now, so late they are answered. */
  prepare: async (next) => {
    ({ latencyMs } = next);
    if (api === 'v3') await writeReplies(next.closes);
  },
});

function listen(tls) {
  const server = tls ? createTlsServer(tls, hear) : createTcpServer(hear);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

/** As every client here spells them. */
const CONTENT_LENGTH = '\r\nContent-Length: ';
const CONNECTION_CLOSE = '\r\nConnection: close';

/** Reads requests with a `Content-Length`, one after the other. */
function hear(socket) {
  let heard = '';
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    heard += chunk.latin1Slice(0, chunk.length);
    for (;;) {
      const headEnd = heard.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const head = heard.slice(0, headEnd);
      const bodyAt = headEnd + 4;
      const lengthAt = head.indexOf(CONTENT_LENGTH);
      if (lengthAt === -1) throw new Error('every close has a body of a known length');
      const length = Number.parseInt(head.slice(lengthAt + CONTENT_LENGTH.length), 10);
      if (heard.length < bodyAt + length) return;
      const body = heard.slice(bodyAt, bodyAt + length);
      heard = heard.slice(bodyAt + length);
      if (latencyMs > 0) setTimeout(answer, latencyMs, socket, head, body);
      else answer(socket, head, body);
    }
  });
}

function answer(socket, head, body) {
  const reply = api === 'v3' ? written.pop() : replyToV2(body);
  if (reply === undefined) throw new Error('more closes came than were announced');
  socket.write(reply);
  if (head.includes(CONNECTION_CLOSE)) socket.end();
}

const common = () => [`Date: ${new Date().toUTCString()}`, 'Connection: keep-alive', 'Keep-Alive: timeout=60'];
const inLines = (lines, body = '') => `${lines.join('\r\n')}\r\n\r\n${body}`;

async function writeReplies(count) {
  const key = createPrivateKey(keys.platform.privateKey);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const more = common();
  const writeOne = async () => {
    const nonce = randomBytes(16).toString('hex');
    const signature = await signAsync('sha256', Buffer.from(`${timestamp}\n${nonce}\n\n`), key);
    const lines = [
      'HTTP/1.1 204 No Content',
      `Wechatpay-Timestamp: ${timestamp}`,
      `Wechatpay-Nonce: ${nonce}`,
      `Wechatpay-Signature: ${signature.toString('base64')}`,
      `Wechatpay-Serial: ${keys.publicKeyId}`,
      'Request-ID: 08F3B1A5D40610F9',
      ...more,
    ];
    written.push(inLines(lines));
  };
  await Promise.all(Array.from({ length: count }, writeOne));
}

function replyToV2(body) {
  if (!body.includes('HMAC-SHA256')) throw new Error('the bench signs APIv2 with HMAC-SHA256');
  const { appid, mchid, apiV2Key } = keys;
  const fields = {
    appid,
    mch_id: mchid,
    nonce_str: randomBytes(16).toString('hex'),
    result_code: 'SUCCESS',
    return_code: 'SUCCESS',
    return_msg: 'OK',
  };
  const canonical = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const mac = createHmac('sha256', apiV2Key).update(`${canonical}&key=${apiV2Key}`).digest('hex').toUpperCase();
  const xml = `<xml>${Object.entries({ ...fields, sign: mac })
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('')}</xml>`;
  return inLines(['HTTP/1.1 200 OK', 'Content-Type: text/xml', `Content-Length: ${xml.length}`, ...common()], xml);
}
