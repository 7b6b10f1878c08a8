import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import type { EmulatorExchange } from 'nestjs-wechatpay/emulator';

import { foreignClient } from './foreign-client.js';
import { sendV2, sendV3 } from './raw-client.js';
import type { RawReply } from './raw-client.js';

const mchid = '1900000109';
const path = '/v3/pay/transactions/out-trade-no/A1/close';

let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start();
});
beforeEach(() => {
  emulator.place({ out_trade_no: 'A1' });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

const close = async (): Promise<RawReply> => sendV3(emulator, 'POST', path, { mchid });

describe('beforeSigning', () => {
  it('changes an APIv3 answer that is then signed, until undone', async () => {
    const undo = emulator.beforeSigning(() => ({ status: 200, body: { code: '系统错误' }, internalCode: 7 }));
    const query = foreignClient(emulator, 'publicKey');
    const target = 'v3/pay/transactions/out-trade-no/A1';
    expect((await query('get', target, undefined, { params: { mchid } })).data).toEqual({ code: '系统错误' });
    expect((await close()).headers['request-id']).toMatch(/-7$/);
    undo();
    expect((await close()).status).toBe(204);
  });

  it('changes an APIv2 answer that is then signed', async () => {
    emulator.beforeSigning((answer) => ('fields' in answer ? { fields: { ...answer.fields, mch_id: '1' } } : answer));
    const call = foreignClient(emulator, 'publicKey');
    const fields = { appid: 'wx8888888888888888', mch_id: mchid, out_trade_no: 'A1' };
    expect((await call('post', 'v2/pay/closeorder', fields)).data.mch_id).toBe('1');
  });

  it('leaves answers alone that are not signed', async () => {
    emulator.beforeSigning(() => ({ status: 204 }));
    expect((await sendV3(emulator, 'POST', path, { mchid }, { nonce: '"' })).status).toBe(401);
  });

  it('answers 500 if the answer is of the other API', async () => {
    emulator.beforeSigning(() => ({ fields: {} }));
    const reply = await close();
    expect([reply.status, reply.body.toString()]).toEqual([500, expect.stringContaining('APIv2')]);
    emulator.reset();
    emulator.beforeSigning(() => ({ status: 204 }));
    expect((await sendV2(emulator, '/pay/closeorder', { out_trade_no: 'A1' })).status).toBe(500);
  });
});

describe('afterSigning', () => {
  it('is told the request and the order', async () => {
    const told: EmulatorExchange[] = [];
    emulator.afterSigning((_reply, exchange) => void told.push(exchange));
    await close();
    expect(told[0]?.request).toBe(emulator.requests[0]);
    expect(told[0]?.order).toBe(emulator.order('A1'));
  });

  it('signs anew with another key, serial number, timestamp and nonce', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    emulator.afterSigning((reply, { sign }) => {
      const other = { ...reply, status: 200, body: Buffer.from('{}') };
      return sign(other, { privateKey, serial: 'OTHER', timestamp: 1, nonce: 'n' });
    });
    const { headers, body } = await close();
    expect(headers).toMatchObject({
      'wechatpay-serial': 'OTHER',
      'wechatpay-timestamp': '1',
      'wechatpay-nonce': 'n',
      'content-length': '2',
    });
    const signature = Buffer.from(String(headers['wechatpay-signature']), 'base64');
    expect(verify('sha256', Buffer.from(`1\nn\n${body.toString()}\n`), createPublicKey(privateKey), signature)).toBe(
      true,
    );
  });

  it('signs APIv2 anew with another algorithm or key', async () => {
    emulator.afterSigning((reply, { sign }) => sign(reply, { key: 'k', signType: 'HMAC-SHA256' }));
    const { text } = await sendV2(emulator, '/pay/closeorder', { out_trade_no: 'A1' });
    expect(text).toMatch(/<sign><!\[CDATA\[[0-9A-F]{64}\]\]><\/sign>/);
    expect(text.match(/<sign>/g)).toHaveLength(1);
  });

  it('repeats and removes headers to the letter', async () => {
    emulator.afterSigning(() => ({
      status: 200,
      headers: [
        ['X-One', '1'],
        ['x-one', '2'],
      ],
      body: Buffer.from('x'),
    }));
    const { headers } = await close();
    expect(headers).toMatchObject({ 'x-one': '1, 2', 'content-length': '1' });
    expect(headers).not.toHaveProperty('date');
    expect(emulator.requests[0]?.reply?.headers).toEqual([
      ['X-One', '1'],
      ['x-one', '2'],
    ]);
  });

  it('drops the connection, though the order is closed', async () => {
    emulator.afterSigning(() => 'drop');
    await expect(close()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(emulator.order('A1')?.state).toBe('CLOSED');
    expect(emulator.requests[0]).toMatchObject({ aborted: false, verdict: 'verified' });
    expect(emulator.requests[0]?.reply).toBeUndefined();
  });

  it('delays, one rewrite after the other', async () => {
    emulator.afterSigning(async (reply) => {
      await sleep(40);
      return { ...reply, status: 503 };
    });
    emulator.afterSigning((reply) => ({ ...reply, status: reply.status + 1 }));
    const started = Date.now();
    expect((await close()).status).toBe(504);
    expect(Date.now() - started).toBeGreaterThanOrEqual(38);
  });

  it('lets it be seen that the client went away', async () => {
    emulator.afterSigning(() => sleep(300));
    const controller = new AbortController();
    const outgoing = request(`${emulator.url}/v3/nothing`, { signal: controller.signal });
    const failed = new Promise((resolve) => outgoing.once('error', resolve));
    outgoing.end();
    while (emulator.requests.length === 0) await sleep(2);
    controller.abort();
    await failed;
    for (let waits = 0; waits < 100 && emulator.requests[0]?.aborted !== true; waits += 1) await sleep(2);
    expect(emulator.requests[0]?.aborted).toBe(true);
  });

  it('lets it be seen that the client went away amid its own request', async () => {
    const outgoing = request(`${emulator.url}${path}`, { method: 'POST', headers: { 'Content-Length': '10' } });
    outgoing.on('error', () => undefined);
    outgoing.write('{');
    while (emulator.requests.length === 0) await sleep(2);
    outgoing.destroy();
    for (let waits = 0; waits < 100 && emulator.requests[0]?.aborted !== true; waits += 1) await sleep(2);
    expect(emulator.requests[0]).toMatchObject({ aborted: true, verdict: 'unchecked' });
    expect(emulator.requests[0]?.reply).toBeUndefined();
  });

  it('answers 500 with the reason if it throws', async () => {
    emulator.afterSigning(() => {
      throw new Error('a mistake in the test');
    });
    const reply = await close();
    expect([reply.status, reply.body.toString()]).toEqual([500, 'The emulator failed: a mistake in the test']);
  });
});
