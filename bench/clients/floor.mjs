import { createHmac, createPrivateKey, createPublicKey, randomUUID, sign, timingSafeEqual, verify } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** What a close cannot cost less than: sign on the threadpool, node:http, verify on the main thread; no framework, no care. */
export function makeFloor({ keys, origin }) {
  const { mchid, appid, sub_mchid, serialNo, publicKeyId, apiV2Key } = keys;
  const { hostname, port, protocol } = new URL(origin);
  const isTls = protocol === 'https:';
  const agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 64 });
  const send = isTls ? httpsRequest : httpRequest;
  const privateKey = createPrivateKey(keys.merchant.privateKey);
  const publicKey = createPublicKey(keys.platform.publicKey);

  const exchange = (path, headers, body) =>
    new Promise((resolve, reject) => {
      const request = send({ agent, hostname, port, method: 'POST', path, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ response, body: Buffer.concat(chunks) }));
      });
      request.on('error', reject);
      request.end(body);
    });

  return {
    v3: async (out_trade_no) => {
      const path = `/v3/pay/partner/transactions/out-trade-no/${out_trade_no}/close`;
      const timestamp = Math.floor(Date.now() / 1_000);
      const nonce = randomUUID().replaceAll('-', '');
      const body = JSON.stringify({ sp_mchid: mchid, sub_mchid });
      const signature = await new Promise((resolve, reject) => {
        sign('sha256', Buffer.from(`POST\n${path}\n${timestamp}\n${nonce}\n${body}\n`), privateKey, (error, bytes) =>
          error ? reject(error) : resolve(bytes.toString('base64')),
        );
      });
      const { response, body: reply } = await exchange(
        path,
        {
          Authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${serialNo}",signature="${signature}"`,
          'Content-Type': 'application/json',
          Accept: 'application/json',
          'User-Agent': 'floor',
          'Wechatpay-Serial': publicKeyId,
          'Content-Length': Buffer.byteLength(body),
        },
        body,
      );
      const { headers } = response;
      const message = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${reply}\n`;
      const isRight = verify(
        'sha256',
        Buffer.from(message),
        publicKey,
        Buffer.from(headers['wechatpay-signature'], 'base64'),
      );
      if (!isRight || response.statusCode !== 204) throw new Error('not closed');
    },
    v2: async (out_trade_no) => {
      const fields = {
        appid,
        mch_id: mchid,
        nonce_str: randomUUID().replaceAll('-', ''),
        out_trade_no,
        sign_type: 'HMAC-SHA256',
      };
      const body = `<xml>${Object.entries({ ...fields, sign: mac(fields) })
        .map(([name, value]) => `<${name}>${value}</${name}>`)
        .join('')}</xml>`;
      const { body: reply } = await exchange(
        '/pay/closeorder',
        { 'Content-Type': 'text/xml', 'User-Agent': 'floor', 'Content-Length': Buffer.byteLength(body) },
        body,
      );
      const read = {};
      for (const [, name, value] of reply.toString().matchAll(/<(\w+)><!\[CDATA\[(.*?)\]\]><\/\1>/g))
        read[name] = value;
      const { sign: given, ...rest } = read;
      if (!timingSafeEqual(Buffer.from(given), Buffer.from(mac(rest))) || read.result_code !== 'SUCCESS')
        throw new Error('not closed');
    },
    end: () => agent.destroy(),
  };

  function mac(fields) {
    const canonical = Object.keys(fields)
      .toSorted()
      .map((name) => `${name}=${fields[name]}`)
      .join('&');
    return createHmac('sha256', apiV2Key).update(`${canonical}&key=${apiV2Key}`).digest('hex').toUpperCase();
  }
}
