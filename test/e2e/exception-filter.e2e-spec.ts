import type { AddressInfo } from 'node:net';

import {
  type ArgumentsHost,
  Controller,
  type INestApplication,
  type INestMicroservice,
  Inject,
  Logger,
  Module,
  Param,
  Post,
  UseFilters,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import { type ClientProxy, ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import {
  type ClosedOrder,
  CloseOrderService,
  OrderPaidError,
  type WechatPayError,
  WechatPayExceptionFilter,
  WechatPayModule,
  type WechatPayProblem,
} from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import type { Observable } from 'rxjs';

import { secretsIn } from '../support/canary.js';
import { ending, keys, ONE_TRY } from '../support/test-shop.js';

class DiscreetFilter extends WechatPayExceptionFilter {
  protected override problem(error: WechatPayError): WechatPayProblem {
    return { ...super.problem(error), detail: 'Ask the shop.' };
  }
}

@Controller('orders')
class OrdersController {
  constructor(@Inject(CloseOrderService) private readonly closeOrder: CloseOrderService) {}

  @Post(':out_trade_no/close')
  @UseFilters(WechatPayExceptionFilter)
  close(@Param('out_trade_no') out_trade_no: string): Observable<ClosedOrder> {
    return this.closeOrder.direct({ out_trade_no });
  }

  @Post(':out_trade_no/close-young')
  @UseFilters(WechatPayExceptionFilter)
  closeYoung(@Param('out_trade_no') out_trade_no: string): Observable<ClosedOrder> {
    return this.closeOrder.v2({ out_trade_no }, { createdAt: Date.now() - 60_000 });
  }

  @Post(':out_trade_no/close-discreetly')
  @UseFilters(DiscreetFilter)
  closeDiscreetly(@Param('out_trade_no') out_trade_no: string): Observable<ClosedOrder> {
    return this.closeOrder.direct({ out_trade_no });
  }

  @Post(':out_trade_no/close-plainly')
  closePlainly(@Param('out_trade_no') out_trade_no: string): Observable<ClosedOrder> {
    return this.closeOrder.direct({ out_trade_no });
  }

  @MessagePattern('close')
  @UseFilters(WechatPayExceptionFilter)
  closeByMessage(@Payload() out_trade_no: string): Observable<ClosedOrder> {
    return this.closeOrder.direct({ out_trade_no });
  }
}

let emulator: WechatPayEmulator;
let orders = 0;
beforeAll(async () => {
  Logger.overrideLogger(false);
  emulator = await WechatPayEmulator.start({ keys });
});
afterEach(() => emulator.reset());
afterAll(async () => {
  await emulator.stop();
  Logger.overrideLogger(['error', 'warn', 'log']);
});

const newNumber = () => `FILTER${String(++orders).padStart(6, '0')}`;

function shopModule(providers: NonNullable<Parameters<typeof Module>[0]['providers']> = []) {
  const options = { isGlobal: true, ...emulator.options('both'), ...ONE_TRY };
  @Module({ imports: [WechatPayModule.forRoot(options)], controllers: [OrdersController], providers })
  class ShopModule {}
  return Test.createTestingModule({ imports: [ShopModule] }).compile();
}

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
] as const)('the exception filter on %s', (_, adapter) => {
  let app: INestApplication;
  beforeAll(async () => {
    app = (await shopModule()).createNestApplication(adapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  async function post(path: string) {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/orders/${path}`, { method: 'POST' });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      retryAfter: response.headers.get('retry-after'),
      text: await response.text(),
    };
  }

  async function problem(path: string) {
    const { text, type, ...answer } = await post(path);
    expect(type).toMatch(/^application\/problem\+json(?:; charset=utf-8)?$/);
    expect(secretsIn(emulator.credentials, emulator.requests, text)).toEqual([]);
    return { ...answer, body: JSON.parse(text) as WechatPayProblem };
  }

  it('leaves a success alone', async () => {
    const number = newNumber();
    emulator.place({ out_trade_no: number });
    const { status, type, text } = await post(`${number}/close`);
    expect([status, type]).toEqual([201, expect.stringContaining('application/json')]);
    expect(JSON.parse(text)).toMatchObject({ state: 'CLOSED' });
  });

  it('answers a paid order with 409 and a whole problem', async () => {
    const number = newNumber();
    emulator.pay(emulator.place({ out_trade_no: number }));
    expect(await problem(`${number}/close`)).toEqual({
      status: 409,
      retryAfter: null,
      body: {
        type: 'urn:nestjs-wechatpay:problem:paid',
        title: 'The order has been paid.',
        status: 409,
        detail: expect.stringMatching(new RegExp(`^Order ${number} .*fulfil it or refund it`)),
        outcome: 'paid',
        variant: 'direct',
        order: { mchid: '1900000109', out_trade_no: number },
        authenticated: true,
        retryable: false,
        code: 'ORDER_PAID',
        requestId: expect.any(String),
      },
    });
  });

  it('answers an order that is being paid with 409 and Retry-After', async () => {
    const number = newNumber();
    emulator.startPaying(emulator.place({ out_trade_no: number }));
    expect(await problem(`${number}/close`)).toMatchObject({
      status: 409,
      retryAfter: '5',
      body: { outcome: 'in_progress', retryable: true },
    });
  });

  it('answers a payment-code order with 409', async () => {
    const number = newNumber();
    emulator.place({ out_trade_no: number, trade_type: 'MICROPAY' });
    expect(await problem(`${number}/close`)).toMatchObject({ status: 409, body: { outcome: 'needs_reverse' } });
  });

  it('answers an order that WeChat Pay does not know with 404', async () => {
    expect(await problem(`${newNumber()}/close`)).toMatchObject({ status: 404, body: { outcome: 'not_found' } });
  });

  it('answers a request that does not hold with 400 and its issues', async () => {
    expect(await problem('x/close')).toMatchObject({
      status: 400,
      body: { outcome: 'not_sent', issues: [{ field: 'out_trade_no', rule: expect.any(String) }] },
    });
  });

  it('answers an order that is too young with 400, and says when it may be closed', async () => {
    const { status, retryAfter, body } = await problem(`${newNumber()}/close-young`);
    expect([status, body.outcome, body.retryable]).toEqual([400, 'not_sent', true]);
    expect(Number(retryAfter)).toBeGreaterThan(230);
    expect(Number(retryAfter)).toBeLessThanOrEqual(240);
    expect(Date.parse(body.closableAt ?? '') - Date.now()).toBeGreaterThan(230_000);
  });

  it('answers a refusal with 502, and a doubt with 504', async () => {
    emulator.faults.add({ kind: 'unsigned' });
    expect(await problem(`${newNumber()}/close`)).toMatchObject({
      status: 504,
      retryAfter: null,
      body: { outcome: 'unknown', phase: 'verify', reason: 'unsigned', authenticated: false },
    });
    emulator.reset();
    emulator.clock.set(new Date(Date.now() + 3_600_000));
    expect(await problem(`${newNumber()}/close`)).toMatchObject({
      status: 502,
      body: { outcome: 'refused', code: 'SIGN_ERROR' },
    });
  });

  it('tells what an application makes of it', async () => {
    const { status, body } = await problem(`${newNumber()}/close-discreetly`);
    expect([status, body.detail]).toEqual([404, 'Ask the shop.']);
  });

  it('is never used by itself', async () => {
    const { status, type } = await post(`${newNumber()}/close-plainly`);
    expect([status, type]).toEqual([500, expect.stringContaining('application/json')]);
  });
});

it('the exception filter serves a whole application as APP_FILTER', async () => {
  const module = await shopModule([{ provide: APP_FILTER, useClass: WechatPayExceptionFilter }]);
  const app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/orders/${newNumber()}/close-plainly`;
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  await app.close();
});

describe('the exception filter in a microservice', () => {
  let service: INestMicroservice;
  let client: ClientProxy;
  beforeAll(async () => {
    const tcp = { host: '127.0.0.1', port: 0 };
    service = (await shopModule()).createNestMicroservice({ transport: Transport.TCP, options: tcp, logger: false });
    await service.listen();
    const { port } = service.unwrap<{ address(): AddressInfo }>().address();
    client = ClientProxyFactory.create({ transport: Transport.TCP, options: { ...tcp, port } });
  });
  afterAll(async () => {
    await client.close();
    await service.close();
  });

  it('tells the caller what became of the order, in the shape of an RpcException', async () => {
    const number = newNumber();
    emulator.pay(emulator.place({ out_trade_no: number }));
    expect(await ending(client.send('close', number))).toEqual({
      status: 'error',
      statusCode: 409,
      message: expect.stringContaining('has been paid'),
      type: 'urn:nestjs-wechatpay:problem:paid',
      title: 'The order has been paid.',
      outcome: 'paid',
      variant: 'direct',
      order: { mchid: '1900000109', out_trade_no: number },
      authenticated: true,
      retryable: false,
      code: 'ORDER_PAID',
      requestId: expect.any(String),
    });
  });

  it('leaves a success alone', async () => {
    const number = newNumber();
    emulator.place({ out_trade_no: number });
    expect(await ending(client.send('close', number))).toMatchObject({ state: 'CLOSED' });
  });
});

describe('the exception filter elsewhere', () => {
  const error = new OrderPaidError('paid', { variant: 'direct', order: {}, authenticated: true, attempts: 1 });
  const hostOf = (type: string, client: object = {}): ArgumentsHost =>
    ({ getType: () => type, switchToWs: () => ({ getClient: () => client }) }) as never;
  const filter = new WechatPayExceptionFilter(new HttpAdapterHost());

  it('throws the error on in GraphQL', () => {
    expect(() => filter.catch(error, hostOf('graphql'))).toThrow(error);
  });

  it("tells a gateway's client, as Nest's own filter does", () => {
    const told: unknown[] = [];
    const payload = expect.objectContaining({ status: 'error', message: 'paid', outcome: 'paid', statusCode: 409 });
    void filter.catch(error, hostOf('ws', { emit: (...words: unknown[]) => void told.push(words) }));
    const send = (text: string) => void told.push(JSON.parse(text));
    void filter.catch(error, hostOf('ws', { readyState: 1, send, emit: () => void told.push('only locally') }));
    expect(told).toEqual([['exception', payload], { event: 'exception', data: payload }]);
  });
});
