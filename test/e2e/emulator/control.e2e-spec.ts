import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EmulatorControlError, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import type { PlaceOrder } from 'nestjs-wechatpay/emulator';

import { runCommandLine } from '../../../lib/emulator/command-line.js';
import { controlRoutes } from '../../../lib/emulator/control/control.routes.js';
import { send, sendV3 } from './raw-client.js';
import type { RawReply } from './raw-client.js';

let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

const get = async (path: string): Promise<RawReply> => send(emulator.url, 'GET', `/emulator/${path}`);
const post = async (path: string, body?: unknown): Promise<RawReply> =>
  send(emulator.url, 'POST', `/emulator/${path}`, {}, body === undefined ? '' : JSON.stringify(body));

describe('the control API over HTTP', () => {
  it('places orders of every kind and shows them', async () => {
    const orders: readonly PlaceOrder[] = [
      { out_trade_no: 'A1', total: 7 },
      { kind: 'basic', out_trade_no: 'A1', sub_mchid: '1230000109' },
      { kind: 'combine', combine_out_trade_no: 'C1', sub_orders: [{ out_trade_no: 'C1-1', total: 2 }] },
      { kind: 'repayment', combine_out_trade_no: 'C1', sub_orders: [{ out_trade_no: 'C1-1' }] },
      { kind: 'overseas', out_trade_no: 'A1' },
      { kind: 'overseas', out_trade_no: 'A1', sub_mchid: '1230000109' },
    ];
    for (const order of orders) expect((await post('orders', order)).status).toBe(201);
    const shown = Object.values((await get('orders')).json.orders ?? {});
    expect(shown.map(({ kind }) => kind)).toEqual(emulator.orders.map(({ kind }) => kind));
    expect(shown[0]).toMatchObject({ id: 'order-1', state: 'NOTPAY', mchid: '1900000109', total: 7, currency: 'CNY' });
    expect(shown[2]).toMatchObject({ total: 2, sub_orders: [{ mchid: '1900000109', out_trade_no: 'C1-1' }] });
    expect(shown[4]?.transaction_id).toMatch(/^\d{28}$/);
    expect((await get('orders/order-5')).json).toEqual(shown[4]);
  });

  it('pays, refunds and starts to pay', async () => {
    await post('orders', { out_trade_no: 'A1' });
    expect((await post('orders/A1/start-paying')).json.state).toBe('USERPAYING');
    expect((await post('orders/order-1/pay')).json).toMatchObject({
      state: 'SUCCESS',
      transaction_id: expect.any(String),
    });
    expect((await post('orders/A1/refund')).json.state).toBe('REFUND');
    expect((await get('orders/A1')).json.changes).toMatchObject(
      ['NOTPAY', 'USERPAYING', 'SUCCESS', 'REFUND'].map((state) => ({ state })),
    );
  });

  it('moves the clock, shows credentials and forgets', async () => {
    expect((await post('clock', { now: '2030-01-01T00:00:00Z' })).json.now).toBeGreaterThanOrEqual(Date.UTC(2030, 0));
    expect(new Date(emulator.clock.now()).getUTCFullYear()).toBe(2030);
    expect((await post('clock', { advanceMs: -86_400_000 })).status).toBe(200);
    expect(new Date(emulator.clock.now()).getUTCFullYear()).toBe(2029);
    await post('clock', { reset: true });
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(1000);
    expect((await get('credentials')).json).toEqual(emulator.credentials);
    await post('orders', { out_trade_no: 'A1' });
    expect((await post('reset')).status).toBe(200);
    expect((await get('orders')).json).toEqual({ orders: [] });
  });

  it('rotates certificates, takes the old ones off the list, and moves to the public key', async () => {
    const [first] = [emulator.credentials.platform];
    const rotated = (await post('certificates/rotate', { signs: 'old' })).json;
    expect(emulator.credentials.platform).toEqual(rotated);
    const list = async () => (await sendV3(emulator, 'GET', '/v3/certificates')).json.data;
    const serialOf = async () => (await sendV3(emulator, 'GET', '/v3/certificates')).headers['wechatpay-serial'];
    expect(await list()).toMatchObject([{ serial_no: rotated.serialNo }, { serial_no: first.serialNo }]);
    expect(await serialOf()).toBe(first.serialNo);
    await post('certificates/retire');
    expect(await list()).toMatchObject([{ serial_no: rotated.serialNo }]);
    expect(await serialOf()).toBe(rotated.serialNo);
    expect((await post('public-key', { stage: 'finished' })).json).toEqual({ stage: 'finished' });
    expect(await serialOf()).toBe(emulator.credentials.publicKey.id);
    expect(await list()).toBeUndefined();
    for (const [path, body] of [
      ['certificates/rotate', { signs: 'none' }],
      ['public-key', {}],
    ] as const) {
      expect((await post(path, body)).status).toBe(400);
    }
    await post('reset');
    expect(await serialOf()).toBe(first.serialNo);
  });

  it('shows what came in and what went out', async () => {
    emulator.place({ out_trade_no: 'A1' });
    await sendV3(emulator, 'POST', '/v3/pay/transactions/out-trade-no/A1/close', { mchid: '1900000109' });
    expect((await get('requests')).json.requests).toMatchObject([
      {
        id: 1,
        method: 'POST',
        body: '{"mchid":"1900000109"}',
        verdict: 'verified',
        route: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
        reply: { status: 204, body: '' },
        aborted: false,
      },
    ]);
  });

  it.each([
    ['orders', { out_trade_no: 'no spaces' }],
    ['orders', { out_trade_no: 'A2', extra: 1 }],
    ['orders', { kind: 'other', out_trade_no: 'A2' }],
    ['orders', { out_trade_no: 'A2', mchid: '99' }],
    ['orders', { out_trade_no: 'A2', sub_mchid: '99' }],
    ['orders', { kind: 'overseas', out_trade_no: 'A2', sp_mchid: '1900000109' }],
    ['orders', { out_trade_no: 'TAKEN' }],
    ['orders', undefined],
    ['orders/A9/pay', undefined],
    ['orders/TAKEN/refund', undefined],
    ['orders/%E0/pay', undefined],
    ['clock', { now: 'tomorrow' }],
    ['clock', { advanceMs: 1e300 }],
  ])('answers POST %s %j with a sentence', async (path, body) => {
    emulator.place({ out_trade_no: 'TAKEN' });
    const reply = await post(path, body);
    expect(reply.status).toBe(400);
    expect(reply.json.error).toMatch(/^[A-Z].*\.$/s);
    expect(emulator.orders).toHaveLength(1);
  });

  it('answers what is not there, not possible, not JSON and too large', async () => {
    const statuses = [await get('nothing'), await get('clock'), await post('orders', 'x'.repeat(65_537))];
    statuses.push(await send(emulator.url, 'POST', '/emulator/orders', {}, '{'));
    expect(statuses.map(({ status }) => status)).toEqual([404, 405, 413, 400]);
  });
});

describe('the control calls in process', () => {
  it('throw sentences', () => {
    const order = emulator.place({ out_trade_no: 'A1' });
    expect(() => emulator.place({ out_trade_no: 'A1' })).toThrow(EmulatorControlError);
    expect(() => emulator.refund(order)).toThrow('Order order-1 is NOTPAY, so it cannot become REFUND.');
    expect(() => emulator.pay('A2')).toThrow('There is no order A2.');
    expect(() => emulator.clock.set(Number.NaN)).toThrow(EmulatorControlError);
  });

  it('take a number for an id only if one order has it', () => {
    emulator.place({ out_trade_no: 'A1' });
    expect(emulator.order('A1')?.id).toBe('order-1');
    emulator.place({ kind: 'overseas', out_trade_no: 'A1' });
    expect(emulator.order('A1')).toBeUndefined();
  });
});

describe('the command', () => {
  it('runs an emulator and says where', async () => {
    const said: string[] = [];
    const result = await runCommandLine(['--port', '0'], (text) => said.push(text));
    if (!('emulator' in result)) throw new Error(said.join('\n'));
    expect(said[0]).toContain(`${result.emulator.url}/emulator/credentials`);
    expect((await send(result.emulator.url, 'GET', '/emulator/orders')).status).toBe(200);
    const { port } = new URL(result.emulator.url);
    const again = await runCommandLine(['--port', port], (text) => said.push(text));
    expect(again).toEqual({ exitCode: 1 });
    expect(said[1]).toBe(`port ${port} is taken; choose another with --port`);
    await result.emulator.stop();
    await result.emulator.stop();
  });

  it.each([['--help'], ['--port=0']])('describes every control call and which key signs, given %s', async (option) => {
    const said: string[] = [];
    const result = await runCommandLine([option], (text) => said.push(text));
    if ('emulator' in result) await result.emulator.stop();
    const [text = ''] = said;
    expect(text).toContain('Wechatpay-Serial');
    const calls = [...text.matchAll(/^  (GET|POST|DELETE) +(\/emulator\/\S+)/gm)].map(([, method, path = '']) => ({
      method,
      path,
    }));
    expect(calls).toHaveLength(controlRoutes.length);
    for (const { method, path } of controlRoutes) {
      expect(calls.filter((call) => call.method === method && path.test(call.path))).toHaveLength(1);
    }
  });

  it('gives examples in its help that work', async () => {
    const said: string[] = [];
    await runCommandLine(['-h'], (text) => said.push(text));
    const examples: (readonly [path: string, body: string])[] = [];
    let path = '';
    for (const line of (said[0] ?? '').split('\n')) {
      path = /^  POST +\/emulator\/(\S+)/.exec(line)?.[1] ?? (line.startsWith('        ') ? path : '');
      const bodies = path === '' ? [] : line.matchAll(/\{(?:[^{}]|\{[^{}]*\})*\}/g);
      for (const [body] of bodies) examples.push([path, body]);
    }
    expect(examples).toHaveLength(16);
    for (const [to, body] of examples) {
      emulator.reset();
      expect((await post(to, JSON.parse(body))).status).toBeLessThan(300);
    }
  });

  it.each([
    [['--help'], 0, 'Usage'],
    [['--port', 'x'], 1, '--port must be'],
    [['--nonsense'], 1, '--nonsense'],
  ])('answers %j with exit code %i', async (args, exitCode, text) => {
    const said: string[] = [];
    expect(await runCommandLine(args, (line) => said.push(line))).toEqual({ exitCode });
    expect(said.join('\n')).toContain(text);
  });
});
