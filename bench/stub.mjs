/**
 * A WeChat Pay that answers every close as closed, in a process of its own. APIv3 replies are signed ahead of time, so that it is
 * never the limit; each has a nonce of its own, since ours does not believe a reply twice.
 */
import { createHmac, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { promisify } from 'node:util';

import { answerTo } from './processes.mjs';

const signAsync = promisify(sign);
/** Those that have not been sent yet. */
const signed = [];
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
    if (api === 'v3') await signReplies(next.closes);
  },
});

function answer(response, body) {
  const { appid, mchid, apiV2Key, publicKeyId } = keys;
  if (api === 'v3') {
    const { timestamp, nonce, signature } = signed.pop();
    response.writeHead(204, {
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Signature': signature,
      'Wechatpay-Serial': publicKeyId,
      'Request-ID': '08F3B1A5D40610F9',
    });
    response.end();
    return;
  }
  const signType = body.includes('HMAC-SHA256') ? 'HMAC-SHA256' : 'MD5';
  const fields = {
    appid,
    mch_id: mchid,
    nonce_str: randomBytes(16).toString('hex'),
    result_code: 'SUCCESS',
    return_code: 'SUCCESS',
    return_msg: 'OK',
  };
  if (signType !== 'HMAC-SHA256') throw new Error('the bench signs APIv2 with HMAC-SHA256');
  const canonical = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const mac = createHmac('sha256', apiV2Key).update(`${canonical}&key=${apiV2Key}`).digest('hex').toUpperCase();
  const xml = Object.entries({ ...fields, sign: mac })
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('');
  response.writeHead(200, { 'Content-Type': 'text/xml' }).end(`<xml>${xml}</xml>`);
}

function hear(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (latencyMs > 0) setTimeout(answer, latencyMs, response, body);
    else answer(response, body);
  });
}

function listen(tls) {
  const server = tls ? createHttpsServer(tls, hear) : createHttpServer(hear);
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

async function signReplies(count) {
  const key = createPrivateKey(keys.platform.privateKey);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const makeOne = async () => {
    const nonce = randomBytes(16).toString('hex');
    const signature = await signAsync('sha256', Buffer.from(`${timestamp}\n${nonce}\n\n`), key);
    signed.push({ timestamp, nonce, signature: signature.toString('base64') });
  };
  await Promise.all(Array.from({ length: count }, makeOne));
}
