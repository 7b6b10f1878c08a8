import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AutoCloseService } from 'nestjs-wechatpay/auto-close';
import { Validator } from '@seriousme/openapi-schema-validator';

import { createApp } from '../../sample-app/src/create-app.js';
import { OrderBook } from '../../sample-app/src/closing/order-book.js';
import { readSettings, SettingsError } from '../../sample-app/src/settings.js';
import { eventually } from '../auto-close/eventually.js';
import { rsaPair } from '../support/keys.js';

interface Choice {
  readonly variant: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

interface Order {
  readonly id: string;
  readonly state: string;
  readonly closes: readonly Choice[];
  readonly out_trade_no?: string;
  readonly combine_out_trade_no?: string;
  readonly book: { readonly state: string; readonly closeAt: number };
}

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

const VARIANTS: readonly (readonly [kind: string, variant: string])[] = [
  ['basic', 'v2'],
  ['basic', 'direct'],
  ['partner', 'v2'],
  ['partner', 'partner'],
  ['combine', 'combine'],
  ['repayment', 'repayment'],
  ['overseas', 'hkById'],
  ['overseas', 'hkByOutTradeNo'],
  ['overseas', 'globalById'],
  ['overseas', 'globalByOutTradeNo'],
];

let app: NestExpressApplication;
let url: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-app-'));
  app = await createApp(readSettings({ CLOSE_STORE: join(folder, 'closes.db') }));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

async function get<T>(path: string): Promise<Answer<T>> {
  const response = await fetch(url + path);
  return { status: response.status, body: (await response.json()) as T };
}

async function post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<Answer<T>> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as T };
}

async function place(kind: string, closeAfterSeconds?: number): Promise<Order> {
  const { status, body } = await post<Order>('/shop/orders', { kind, closeAfterSeconds });
  expect(status).toBe(201);
  return body;
}

function choiceOf(order: Order, variant: string): Choice {
  const choice = order.closes.find((candidate) => candidate.variant === variant);
  if (choice === undefined) throw new Error(`the shop does not offer ${variant}`);
  return choice;
}

async function stateOf({ id }: Order): Promise<string | undefined> {
  return (await orderOf(id))?.state;
}

async function orderOf(id: string): Promise<Order | undefined> {
  const { body } = await get<Order[]>('/shop/orders');
  return body.find((order) => order.id === id);
}

describe('the routes that close', () => {
  it.each(VARIANTS)('closes a %s order through %s', async (kind, variant) => {
    const order = await place(kind);
    const { path, body } = choiceOf(order, variant);
    expect(await post(path, body)).toMatchObject({ status: 200, body: { state: 'CLOSED', variant } });
    expect(await stateOf(order)).toBe('CLOSED');
  });

  it.each(VARIANTS)('answers 409 for a paid %s order through %s', async (kind, variant) => {
    const order = await place(kind);
    await post(`/shop/orders/${order.id}/pay`);
    const { path, body } = choiceOf(order, variant);
    expect(await post(path, body)).toMatchObject({
      status: 409,
      body: { title: 'The order has been paid.', outcome: 'paid', authenticated: true, variant },
    });
    expect(await stateOf(order)).toBe('SUCCESS');
  });

  it('hears of a payment from WeChat Pay alone, and which one is a ghost', async () => {
    const [paid, dropped] = [await place('basic'), await place('combine')];
    const book = app.get(OrderBook, { strict: false });
    // Closed in the shop's own book alone: the buyer can still pay.
    book.moveFromPending(String(dropped.combine_out_trade_no ?? dropped.out_trade_no), 'CLOSED');
    expect((await post<Order>(`/shop/orders/${paid.id}/pay`)).body.book).toEqual({
      state: 'PAID',
      closeAt: expect.any(Number),
    });
    expect((await post<Order>(`/shop/orders/${dropped.id}/pay`)).body.book).toMatchObject({
      state: 'PAID',
      ghost: true,
    });
    expect((await post('/wechat-pay/notify', { id: 'EV-1' })).status).toBe(401);
  });

  it('answers 409 while the buyer is paying', async () => {
    const order = await place('basic');
    await post(`/shop/orders/${order.id}/start-paying`);
    const { path, body } = choiceOf(order, 'direct');
    expect(await post(path, body)).toMatchObject({ status: 409, body: { outcome: 'in_progress', retryable: true } });
  });

  it('answers 409 for a payment-code order, which must be reversed', async () => {
    const { path, body } = choiceOf(await place('payment-code'), 'direct');
    expect(await post(path, body)).toMatchObject({ status: 409, body: { outcome: 'needs_reverse' } });
  });

  it('answers 404 for an order that was never placed', async () => {
    const answer = await post('/orders/direct/close', { out_trade_no: '20260101999999' });
    expect(answer).toMatchObject({ status: 404, body: { outcome: 'not_found' } });
  });

  it('answers 400 for a merchant that has no keys here', async () => {
    const answer = await post('/orders/direct/close', { out_trade_no: '20260101999999', mchid: '1111111111' });
    expect(answer).toMatchObject({ status: 400, body: { outcome: 'not_sent' } });
  });

  it('answers 400 that names the field', async () => {
    const answer = await post('/orders/direct/close', { out_trade_no: '#' });
    expect(answer).toMatchObject({ status: 400, body: { message: [expect.stringContaining('out_trade_no')] } });
    const missing = await post('/orders/partner/close', { out_trade_no: '20260101999999' });
    expect(missing).toMatchObject({ status: 400, body: { message: [expect.stringContaining('sub_mchid')] } });
  });
});

describe('an order that closes itself', () => {
  it.each([
    ['basic', 'direct'],
    ['basic', 'v2'],
    ['partner', 'partner'],
    ['combine', 'combine'],
    ['overseas', 'hkById'],
  ])('is let go of when a %s order is closed by hand through %s', async (kind, variant) => {
    const order = await place(kind);
    const { path, body } = choiceOf(order, variant);
    await post(path, body);
    expect((await orderOf(order.id))?.book.state).toBe('CLOSED');
    const scheduled = app.get(OrderBook, { strict: false }).scheduledAs(String(order.out_trade_no));
    expect(scheduled).toBeDefined();
    expect(await app.get(AutoCloseService, { strict: false }).cancel(scheduled ?? {})).toEqual({ found: 'unknown' });
  });

  it.each(['basic', 'partner', 'combine', 'repayment', 'overseas'])(
    'a %s order: it is scheduled, due, and closed, and the shop hears of it',
    async (kind) => {
      const placed = Date.now();
      const { id, state, book } = await place(kind, 1);
      expect({ state, book }).toEqual({ state: 'NOTPAY', book: { state: 'PENDING', closeAt: expect.any(Number) } });
      expect(book.closeAt - placed).toBeGreaterThan(900);
      await eventually(async () => (await orderOf(id))?.book.state === 'CLOSED');
      expect(await orderOf(id)).toMatchObject({ state: 'CLOSED' });
      expect(Date.now()).toBeGreaterThanOrEqual(book.closeAt);
    },
  );

  it.each(['basic', 'partner', 'combine'])('stays open where a %s order is paid in time', async (kind) => {
    const order = await place(kind, 1);
    expect(await post(`/shop/orders/${order.id}/pay`)).toMatchObject({ body: { book: { state: 'PAID' } } });
    const mark = await place('basic', 1);
    await eventually(async () => (await orderOf(mark.id))?.book.state === 'CLOSED');
    expect(await orderOf(order.id)).toMatchObject({ state: 'SUCCESS', book: { state: 'PAID' } });
  });

  it('is left to a person where it cannot be closed', async () => {
    const { id } = await place('payment-code', 1);
    await eventually(async () => (await orderOf(id))?.book.state === 'CHECK');
  });

  it('has to be given a time', async () => {
    const answer = await post('/shop/orders', { kind: 'basic', closeAfterSeconds: 0 });
    expect(answer).toMatchObject({ status: 400, body: { message: [expect.stringContaining('closeAfterSeconds')] } });
  });
});

describe('the shop', () => {
  it('shows what WeChat Pay saw and answered', async () => {
    const order = await place('basic');
    const { path, body } = choiceOf(order, 'direct');
    await post(path, body);
    const { body: requests } = await get<Record<string, unknown>[]>('/shop/requests');
    expect(requests.at(-1)).toMatchObject({
      method: 'POST',
      url: `/v3/pay/transactions/out-trade-no/${String(body['out_trade_no'])}/close`,
      verdict: 'verified',
      body: JSON.stringify({ mchid: '1900000109' }),
      reply: { status: 204, body: '' },
    });
  });

  it('closes what is open at once, and leaves what is paid', async () => {
    const orders = await Promise.all(['basic', 'basic', 'basic'].map((kind) => place(kind)));
    const [paid] = orders;
    await post(`/shop/orders/${paid?.id}/pay`);
    const { status, body } = await post<{ closed: number }>('/shop/backlog/close');
    expect([status, body.closed]).toEqual([200, expect.any(Number)]);
    expect(body.closed).toBeGreaterThanOrEqual(2);
    expect(await Promise.all(orders.map(stateOf))).toEqual(['SUCCESS', 'CLOSED', 'CLOSED']);
    expect((await post('/shop/backlog/close')).body).not.toHaveProperty('closed');
  });

  it('says why an order cannot be paid', async () => {
    const order = await place('basic');
    const { path, body } = choiceOf(order, 'direct');
    await post(path, body);
    expect(await post(`/shop/orders/${order.id}/pay`)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('CLOSED') },
    });
    expect(await post('/shop/orders/order-0/pay')).toMatchObject({ status: 404 });
  });

  it('refuses to place what it does not know', async () => {
    const answer = await post('/shop/orders', { kind: 'gift' });
    expect(answer).toMatchObject({ status: 400, body: { message: [expect.stringContaining('kind')] } });
  });
});

describe('the page', () => {
  it('is served at /, with all that it loads', async () => {
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('关闭订单');
    for (const [, file = ''] of html.matchAll(/(?:src|href)="([^"/][^"]*)"/g)) {
      expect((await fetch(`${url}/${file}`)).status).toBe(200);
    }
  });

  it('knows that WeChat Pay is emulated', async () => {
    expect(await get('/status')).toEqual({ status: 200, body: { wechatPay: 'emulator', mchid: '1900000109' } });
  });
});

describe('the documentation', () => {
  it('is valid, and describes nine routes that close, each with a body and its answers', async () => {
    interface Operation {
      requestBody?: { content: Record<string, { schema: { $ref: string } }> };
      responses: Record<string, unknown>;
    }
    const { body } = await get<{ paths: Record<string, { post?: Operation }> }>('/docs-json');
    await expect(new Validator().validate(body)).resolves.toMatchObject({ valid: true });
    const closes = Object.entries(body.paths).filter(([path]) => /^\/orders\/.*close$/.test(path));
    expect(closes).toHaveLength(9);
    const requests = closes.map(([, path]) => path.post?.requestBody?.content['application/json']?.schema.$ref);
    expect(new Set(requests).size).toBe(9);
    for (const [, { post: operation }] of closes) {
      expect(operation?.responses).toMatchObject({ 200: { content: {} }, 400: {}, 404: {}, 409: {}, 502: {}, 504: {} });
    }
  });

  it('is served at /docs from this machine alone', async () => {
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

describe('the settings', () => {
  it('name each variable that the real WeChat Pay still needs', () => {
    const read = () => readSettings({ WECHATPAY_MCHID: '1900000109', WECHATPAY_SERIAL_NO: '' });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(/WECHATPAY_SERIAL_NO, WECHATPAY_PRIVATE_KEY_FILE, WECHATPAY_PUBLIC_KEY_ID/);
  });

  it('refuse a port that is none', () => {
    expect(() => readSettings({ PORT: 'http' })).toThrow('PORT must be a port');
  });

  it('keep closes in a SQLite file, or where a URL points', () => {
    expect(readSettings({}).closeStore).toEqual({ kind: 'sqlite', file: 'data/closes.db' });
    expect(readSettings({ CLOSE_STORE: '/tmp/a.db' }).closeStore).toEqual({ kind: 'sqlite', file: '/tmp/a.db' });
    const redis = 'redis://127.0.0.1:6379';
    expect(readSettings({ CLOSE_STORE: redis }).closeStore).toMatchObject({ kind: 'bullmq', url: redis });
    expect(() => readSettings({ CLOSE_STORE: 'mysql://127.0.0.1' })).toThrow('CLOSE_STORE must be');
  });

  it('run no emulator with a real merchant', async () => {
    const files = await mkdtemp(join(tmpdir(), 'sample-app-'));
    await writeFile(join(files, 'private.pem'), rsaPair().privatePem);
    await writeFile(join(files, 'public.pem'), rsaPair().publicPem);
    const real = await createApp(
      readSettings({
        WECHATPAY_MCHID: '1900000110',
        WECHATPAY_SERIAL_NO: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
        WECHATPAY_PRIVATE_KEY_FILE: join(files, 'private.pem'),
        WECHATPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0000000000000024101100397200000006',
        WECHATPAY_PUBLIC_KEY_FILE: join(files, 'public.pem'),
      }),
    );
    await real.listen(0, '127.0.0.1');
    const { port } = real.getHttpServer().address() as AddressInfo;
    const status = await fetch(`http://127.0.0.1:${port}/status`);
    expect(await status.json()).toEqual({ wechatPay: 'real', mchid: '1900000110' });
    expect((await fetch(`http://127.0.0.1:${port}/shop/orders`)).status).toBe(404);
    await real.close();
    await rm(files, { recursive: true });
  });
});
