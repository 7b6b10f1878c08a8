import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { HttpService } from '@nestjs/axios';
import { Controller, type INestApplication, Inject, Logger, Module, Param, Post } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  CallObserver,
  type ClosedOrder,
  CloseOrderService,
  directVariant,
  OrderTooYoungError,
  RsaSha256Signer,
  type SigningIdentity,
  WechatPayModule,
} from 'nestjs-wechatpay';
import { AutoCloseTelemetry, WechatPayTelemetry } from 'nestjs-wechatpay/opentelemetry';
import type { Observable } from 'rxjs';

import { VERSION } from '../../lib/wechat-pay.constants.js';
import { secretsIn } from '../support/canary.js';
import { CLOSE_CASES } from '../support/close-cases.js';
import { Telemetry } from '../support/telemetry.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const telemetry = new Telemetry();
const TRACED = { observers: [WechatPayTelemetry], retry: { attempts: 3, baseMs: 1, maxMs: 2 } } as const;
let shop: TestShop;
let orders = 0;

beforeAll(async () => {
  Logger.overrideLogger(false);
  // The module starts first: what it measures with must find the SDK all the same.
  shop = await openShop({ ...TRACED, confirm: 'onDoubt' });
  telemetry.install();
});
afterEach(async () => {
  shop.emulator.reset();
  await telemetry.reset();
});
afterAll(async () => {
  await shop.close();
  await telemetry.remove();
  Logger.overrideLogger(['error', 'warn', 'log']);
});

function newNumber(): string {
  return `TRACE${String(++orders).padStart(6, '0')}`;
}

function spanOf(name: string): ReadableSpan {
  const found = telemetry.spans.find((span) => span.name === name);
  if (found === undefined) throw new Error(`no span ${name} among ${telemetry.spans.map((span) => span.name).join()}`);
  return found;
}

const CLOSE = 'POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close';
const QUERY = 'GET /v3/pay/transactions/out-trade-no/{out_trade_no}';

describe('the trace of a call', () => {
  it('has a client span of the attempt under an internal span of the call, by the conventions', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    const closed = (await ending(shop.service.direct({ out_trade_no }))) as ClosedOrder;
    expect(telemetry.spans.map(({ name }) => name)).toEqual([CLOSE, 'wechatpay.close direct']);
    const [attempt, call] = [spanOf(CLOSE), spanOf('wechatpay.close direct')];
    expect([call.kind, call.parentSpanContext, call.status]).toEqual([SpanKind.INTERNAL, undefined, { code: 0 }]);
    expect(call.attributes).toEqual({
      'wechatpay.operation': 'close',
      'wechatpay.variant': 'direct',
      'wechatpay.outcome': 'closed',
      'wechatpay.request_id': closed.requestId,
      'wechatpay.attempts': 1,
      'wechatpay.confirmed_by': 'reply',
      'wechatpay.already_closed': false,
      'wechatpay.mchid': '1900000109',
      'wechatpay.out_trade_no': out_trade_no,
    });
    const { port } = new URL(shop.emulator.url);
    expect([attempt.kind, attempt.parentSpanContext?.spanId]).toEqual([SpanKind.CLIENT, call.spanContext().spanId]);
    expect(attempt.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(attempt.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 204,
      'server.address': '127.0.0.1',
      'server.port': Number(port),
      'url.scheme': 'http',
      'url.template': '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
      'url.full': `${shop.emulator.url}/v3/pay/transactions/out-trade-no/${out_trade_no}/close`,
      'wechatpay.operation': 'close',
      'wechatpay.variant': 'direct',
      'wechatpay.mchid': '1900000109',
      'wechatpay.attempt': 1,
      'wechatpay.proof': 'verified',
      'wechatpay.request_id': closed.requestId,
    });
    for (const { instrumentationScope } of telemetry.spans)
      expect(instrumentationScope).toMatchObject({ name: 'nestjs-wechatpay', version: VERSION });
  });

  it.each(CLOSE_CASES)('names the variant and a path without numbers: $name', async (variant) => {
    const number = newNumber();
    variant.place(shop.emulator, number);
    await ending(variant.close(shop.service, number, shop.emulator));
    const [attempt] = telemetry.spans;
    expect(attempt?.name).not.toContain(number);
    expect(attempt?.name).toMatch(variant.api === 'v2' ? /^POST \/pay\/closeorder$/ : /^POST \/.*\/\{\w+\}\/close$/);
    expect(spanOf(`wechatpay.close ${variant.name}`).attributes).toMatchObject({ 'wechatpay.outcome': 'closed' });
  });

  it('shows retries, the query that settled the doubt, and why', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    // Only closes: a repeat on a dead kept connection is part of its attempt, so they are not counted.
    const path = '/v3/pay/transactions/out-trade-no/{out_trade_no}/close';
    shop.emulator.faults.add({ kind: 'reset', at: 'beforeHeaders', when: { path } });
    await ending(shop.service.direct({ out_trade_no }));
    const attempts = telemetry.spans.filter(({ kind }) => kind === SpanKind.CLIENT);
    expect(attempts.map(({ name }) => name)).toEqual([CLOSE, CLOSE, CLOSE, QUERY]);
    expect(attempts.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
      2,
      undefined,
    ]);
    expect(attempts.map(({ attributes }) => attributes['wechatpay.attempt'])).toEqual([1, 2, 3, 4]);
    expect(attempts.map(({ attributes }) => attributes['error.type'])).toEqual(['reset', 'reset', 'reset', undefined]);
    expect(attempts.map(({ status }) => status.code)).toEqual([2, 2, 2, 0]);
    const call = spanOf('wechatpay.close direct');
    expect(call.attributes).toMatchObject({ 'wechatpay.outcome': 'closed', 'wechatpay.confirmed_by': 'query' });
    for (const { parentSpanContext } of attempts) expect(parentSpanContext?.spanId).toBe(call.spanContext().spanId);
    expect(await telemetry.measured()).toMatchObject({
      'wechatpay.retries': [[{ 'wechatpay.variant': 'direct', 'wechatpay.operation': 'close' }, 2]],
    });
  });

  it('takes the status of an answer for the type of its error', async () => {
    shop.emulator.faults.add({ kind: 'systemError', when: { times: 1 } });
    await ending(shop.service.direct({ out_trade_no: newNumber() }));
    expect(telemetry.spans[0]).toMatchObject({
      attributes: { 'error.type': '500', 'http.response.status_code': 500, 'wechatpay.proof': 'verified' },
      status: { code: SpanStatusCode.ERROR },
    });
  });

  it('is no error where a signed answer says that the order is paid', async () => {
    const out_trade_no = newNumber();
    shop.emulator.pay(shop.emulator.place({ out_trade_no }));
    await ending(shop.service.direct({ out_trade_no }));
    expect(spanOf('wechatpay.close direct').attributes).toMatchObject({
      'wechatpay.outcome': 'paid',
      'wechatpay.code': 'ORDER_PAID',
    });
    expect(spanOf('wechatpay.close direct').status).toEqual({ code: SpanStatusCode.UNSET });
    // To the conventions for HTTP, a client span with a status of 400 is one.
    expect(spanOf(CLOSE)).toMatchObject({ attributes: { 'error.type': '400' }, status: { code: 2 } });
  });

  it('is an error where nothing is proven, and where nothing was sent', async () => {
    shop.emulator.faults.add({ kind: 'unsigned' });
    const out_trade_no = newNumber();
    const unknown = await ending(shop.service.direct({ out_trade_no }, { confirm: 'never' }));
    expect(spanOf('wechatpay.close direct')).toMatchObject({
      attributes: { 'wechatpay.outcome': 'unknown', 'wechatpay.phase': 'verify', 'error.type': 'unsigned' },
      status: { code: SpanStatusCode.ERROR, message: (unknown as Error).message },
    });
    expect(spanOf(CLOSE)).toMatchObject({ attributes: { 'wechatpay.proof': 'unverified' }, status: { code: 2 } });
    await telemetry.reset();
    await ending(shop.service.direct({ out_trade_no: '#' }));
    expect(telemetry.spans).toHaveLength(1);
    expect(spanOf('wechatpay.close direct')).toMatchObject({
      attributes: { 'wechatpay.outcome': 'not_sent', 'error.type': 'InvalidRequestError' },
      status: { code: SpanStatusCode.ERROR },
    });
    await telemetry.reset();
    const young = await ending(
      shop.service.v2({ out_trade_no: newNumber() }, { createdAt: shop.emulator.clock.now() }),
    );
    expect(young).toBeInstanceOf(OrderTooYoungError);
    expect(spanOf('wechatpay.close v2').status).toEqual({ code: SpanStatusCode.UNSET });
  });

  it('ends when the caller unsubscribes', async () => {
    const out_trade_no = newNumber();
    shop.emulator.faults.add({ kind: 'stall', at: 'headers' });
    const call = shop.service.direct({ out_trade_no }).subscribe();
    await until(() => shop.emulator.requests.length === 1);
    call.unsubscribe();
    expect(telemetry.spans.map(({ name }) => name).toSorted()).toEqual([CLOSE, 'wechatpay.close direct']);
    for (const span of telemetry.spans) expect(span).toMatchObject({ ended: true, status: { code: 0 } });
    expect(spanOf('wechatpay.close direct').attributes).toMatchObject({ 'wechatpay.outcome': 'unsubscribed' });
    expect(spanOf(CLOSE).attributes).toMatchObject({ 'wechatpay.proof': 'unsubscribed' });
  });

  it('holds all of a settlement, and of a query', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    await ending(shop.service.settle(directVariant, { out_trade_no }));
    expect(telemetry.spans.map(({ name }) => name)).toEqual([CLOSE, QUERY, 'wechatpay.settle direct']);
    await telemetry.reset();
    await ending(shop.service.query(directVariant, { out_trade_no }));
    expect(telemetry.spans.map(({ name }) => name)).toEqual([QUERY, 'wechatpay.query direct']);
    expect(spanOf(QUERY).attributes['url.full']).toMatch(/\?mchid=1900000109$/);
    expect(spanOf('wechatpay.query direct').attributes).toMatchObject({ 'wechatpay.outcome': 'closed' });
  });

  it('gives each of two callers who share a close a span, and one of them the attempt', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    await Promise.all([ending(shop.service.direct({ out_trade_no })), ending(shop.service.direct({ out_trade_no }))]);
    const names = telemetry.spans.map(({ name }) => name).toSorted();
    expect(names).toEqual([CLOSE, 'wechatpay.close direct', 'wechatpay.close direct']);
  });
});

describe('the context', () => {
  it("is the caller's: before, beneath and after", async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    const tracer = trace.getTracer('test');
    const heard: (Span | undefined)[] = [];
    const outer = tracer.startSpan('outer');
    await context.with(trace.setSpan(context.active(), outer), async () => {
      await new Promise<void>((resolve) => {
        shop.service.direct({ out_trade_no }).subscribe({
          next: () => void heard.push(trace.getActiveSpan()),
          complete: () => {
            heard.push(trace.getActiveSpan());
            resolve();
          },
        });
      });
    });
    expect(heard).toEqual([outer, outer]);
    expect(spanOf('wechatpay.close direct').parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
  });

  it('is that of the attempt for a signer, and tells WeChat Pay nothing', async () => {
    const tracer = trace.getTracer('test');
    class TracedSigner extends RsaSha256Signer {
      override sign(message: string, identity: SigningIdentity): Promise<string> {
        return tracer.startActiveSpan('kms', async (span) => {
          const signature = await super.sign(message, identity);
          span.end();
          return signature;
        });
      }
    }
    for (const suppressHttpInstrumentation of [true, false]) {
      const observers = [new WechatPayTelemetry({ suppressHttpInstrumentation })];
      const traced = await openShop({ ...TRACED, observers, signers: [TracedSigner] });
      // As an instrumentation of HTTP clients does.
      traced.app.get(HttpService, { strict: false }).axiosRef.interceptors.request.use((config) => {
        propagation.inject(context.active(), config.headers, {
          set: (headers, name, value) => headers.set(name, value),
        });
        return config;
      });
      const out_trade_no = newNumber();
      traced.emulator.place({ out_trade_no });
      expect(await ending(traced.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED' });
      const [request] = traced.emulator.requests;
      const names = request?.headers.map(([name]) => name.toLowerCase());
      expect(names?.includes('traceparent')).toBe(!suppressHttpInstrumentation);
      expect(spanOf('kms').parentSpanContext?.spanId).toBe(spanOf(CLOSE).spanContext().spanId);
      await traced.close();
      await telemetry.reset();
    }
  });

  it("links a controller's request to the order's close, in a whole application", async () => {
    @Controller('orders')
    class OrdersController {
      constructor(@Inject(CloseOrderService) private readonly closeOrder: CloseOrderService) {}

      @Post(':out_trade_no/close')
      close(@Param('out_trade_no') out_trade_no: string): Observable<ClosedOrder> {
        return this.closeOrder.direct({ out_trade_no });
      }
    }
    const options = { isGlobal: true, ...shop.emulator.options(), ...TRACED };
    @Module({ imports: [WechatPayModule.forRoot(options)], controllers: [OrdersController] })
    class ShopModule {}
    const module = await Test.createTestingModule({ imports: [ShopModule] }).compile();
    const app: INestApplication<Server> = module.createNestApplication({ logger: false });
    const tracer = trace.getTracer('test');
    app.use((_: unknown, __: unknown, next: () => void) =>
      tracer.startActiveSpan('request', (span) => {
        next();
        span.end();
      }),
    );
    await app.listen(0, '127.0.0.1');
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    const { port } = app.getHttpServer().address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/orders/${out_trade_no}/close`;
    expect(await (await fetch(url, { method: 'POST' })).json()).toMatchObject({ state: 'CLOSED' });
    const [request, call] = [spanOf('request'), spanOf('wechatpay.close direct')];
    expect(call.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(new Set(telemetry.spans.map((span) => span.spanContext().traceId)).size).toBe(1);
    await app.close();
  });
});

describe('the metrics', () => {
  it('count and time calls, attempts and failed verifications, without numbers of orders or merchants', async () => {
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    await ending(shop.service.direct({ out_trade_no }));
    shop.emulator.faults.add({ kind: 'wrongSignature' });
    await ending(shop.service.direct({ out_trade_no: newNumber() }, { confirm: 'never' }));
    const server = { 'server.address': '127.0.0.1', 'server.port': Number(new URL(shop.emulator.url).port) };
    const request = { 'http.request.method': 'POST', 'url.scheme': 'http', ...server };
    const closed = { 'wechatpay.variant': 'direct', 'wechatpay.outcome': 'closed' };
    const unknown = {
      'wechatpay.variant': 'direct',
      'wechatpay.outcome': 'unknown',
      'wechatpay.phase': 'verify',
      'wechatpay.reason': 'signature',
      'error.type': 'signature',
    };
    const measured = await telemetry.measured();
    expect(measured).toEqual({
      'http.client.request.duration': [
        [{ ...request, 'http.response.status_code': 204 }, 1],
        [{ ...request, 'http.response.status_code': 404, 'error.type': '404' }, 1],
      ],
      'wechatpay.close.duration': [
        [closed, 1],
        [unknown, 1],
      ],
      'wechatpay.outcomes': [
        [{ 'wechatpay.operation': 'close', ...closed }, 1],
        [{ 'wechatpay.operation': 'close', ...unknown }, 1],
      ],
      'wechatpay.verification.failures': [[{ 'wechatpay.variant': 'direct', 'wechatpay.reason': 'signature' }, 1]],
    });
    expect(JSON.stringify(measured)).not.toContain('1900000109');
  });

  it('do not measure HTTP where a signer fails before it', async () => {
    class FailingSigner extends RsaSha256Signer {
      override sign(): Promise<string> {
        return Promise.reject(new Error('the vault is closed'));
      }
    }
    const failing = await openShop({ ...TRACED, signers: [FailingSigner] });
    await ending(failing.service.direct({ out_trade_no: newNumber() }));
    const measured = await telemetry.measured();
    expect(Object.keys(measured).toSorted()).toEqual(['wechatpay.close.duration', 'wechatpay.outcomes']);
    expect(spanOf(CLOSE).attributes).toMatchObject({ 'wechatpay.proof': 'silent', 'error.type': 'signer' });
    await failing.close();
  });

  it('count auto-close, and how late it is', async () => {
    const observer = new AutoCloseTelemetry();
    const settlement = {
      state: 'GIVEN_UP',
      reason: 'refused',
      message: 'no',
      variant: 'direct',
      order: { out_trade_no: newNumber() },
      settledAt: new Date().toISOString(),
      attempts: 1,
    } as const;
    observer.scheduled({ variant: 'direct' });
    observer.cancelled();
    observer.started({ variant: 'direct', lateMs: 1_500 });
    observer.retried({ variant: 'direct' });
    observer.settled({ settlement, lateMs: 3_000 });
    const direct = { 'wechatpay.variant': 'direct' };
    const settled = { ...direct, 'wechatpay.outcome': 'given_up', 'wechatpay.reason': 'refused' };
    expect(await telemetry.measured()).toEqual({
      'wechatpay.auto_close.scheduled': [[direct, 1]],
      'wechatpay.auto_close.cancelled': [[{}, 1]],
      'wechatpay.auto_close.attempts': [[direct, 1]],
      'wechatpay.auto_close.retries': [[direct, 1]],
      'wechatpay.auto_close.settled': [[settled, 1]],
      'wechatpay.auto_close.start.lateness': [[direct, 1]],
      'wechatpay.auto_close.settle.lateness': [[settled, 1]],
    });
  });
});

describe('what gets out', () => {
  it.each([
    ['a plain reply', undefined],
    ['a dropped connection', 'loseReply'],
    ['a wrong signature', 'wrongSignature'],
    ['a page of a gateway', 'html'],
  ] as const)('holds no secret after %s', async (_, kind) => {
    if (kind !== undefined) shop.emulator.faults.add({ kind });
    for (const variant of CLOSE_CASES) await ending(variant.close(shop.service, newNumber(), shop.emulator));
    await telemetry.measured();
    const text = telemetry.everything();
    expect(text.length).toBeGreaterThan(5_000);
    expect(secretsIn(shop.emulator.credentials, shop.emulator.requests, text)).toEqual([]);
  });

  it('holds no number of an order where that is switched off', async () => {
    const discreet = await openShop({ ...TRACED, observers: [new WechatPayTelemetry({ orderNumbers: false })] });
    const number = newNumber();
    for (const variant of CLOSE_CASES) await ending(variant.close(discreet.service, number, discreet.emulator));
    await telemetry.measured();
    expect(telemetry.spans.length).toBeGreaterThan(17);
    expect(telemetry.everything()).not.toContain(number);
    await discreet.close();
  });
});

describe('an observer', () => {
  it('that throws, or runs nothing or twice what it is to run, changes nothing', async () => {
    const bad = (): never => {
      throw new Error('the observer is broken');
    };
    class Throwing extends CallObserver {
      begin = bad;
      override sending = bad;
    }
    class Odd extends CallObserver {
      begin = () => ({
        attempt: () => ({ end: bad, within: () => {} }),
        end: bad,
        within: (run: () => void) => (run(), run()),
        outside: () => {},
      });
    }
    const observed = await openShop({ observers: [Throwing, new Odd(), WechatPayTelemetry] });
    const out_trade_no = newNumber();
    observed.emulator.place({ out_trade_no });
    expect(await ending(observed.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED', attempts: 1 });
    expect(observed.emulator.requests).toHaveLength(1);
    expect(telemetry.spans.map(({ name }) => name)).toEqual([CLOSE, 'wechatpay.close direct']);
    await observed.close();
  });

  it('that is asynchronous and fails ends neither the call nor the process', async () => {
    const lost: unknown[] = [];
    const note = (reason: unknown) => void lost.push(reason);
    process.on('unhandledRejection', note);
    const bad = async (run?: unknown): Promise<never> => {
      if (typeof run === 'function') run();
      await new Promise(setImmediate);
      throw new Error('the observer is broken');
    };
    class Asynchronous extends CallObserver {
      begin = (() => ({
        attempt: () => ({ end: bad, within: bad }),
        end: bad,
        within: bad,
        outside: bad,
      })) as never;
      override sending = bad as never;
    }
    class LateToBegin extends CallObserver {
      begin = bad as never;
    }
    class LateToAttempt extends CallObserver {
      begin = () => ({ attempt: bad as never, end: () => {} });
    }
    const observed = await openShop({ observers: [Asynchronous, LateToBegin, LateToAttempt, Asynchronous] });
    const out_trade_no = newNumber();
    observed.emulator.place({ out_trade_no });
    expect(await ending(observed.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED', attempts: 1 });
    await observed.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', note);
    expect(lost).toEqual([]);
  });

  it('that changes what it is told does not change what the caller gets', async () => {
    const spoil = (told: object): void => {
      for (const member of Object.values(told)) if (typeof member === 'object' && member !== null) spoil(member);
      for (const name of Object.keys(told)) Reflect.set(told, name, 'spoiled');
    };
    class Spoiler extends CallObserver {
      begin = () => ({ attempt: (facts: object) => (spoil(facts), { end: spoil }), end: spoil });
    }
    const observed = await openShop({ observers: [Spoiler], retry: { attempts: 2, baseMs: 1 } });
    const out_trade_no = newNumber();
    observed.emulator.place({ out_trade_no });
    observed.emulator.afterSigning(() => (observed.emulator.requests.length === 1 ? 'drop' : undefined));
    expect(await ending(observed.service.direct({ out_trade_no }))).toMatchObject({
      state: 'CLOSED',
      variant: 'direct',
      order: { out_trade_no },
      attempts: 2,
    });
    await observed.close();
  });
});
