import { HttpService } from '@nestjs/axios';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';

import { WECHAT_PAY_SCHEDULER } from '../../lib/wechat-pay.constants.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const out_trade_no = 'INTERCEPT1';
const CLOSED = { state: 'CLOSED', confirmedBy: 'reply' };

let shop: TestShop;
beforeAll(async () => (shop = await openShop()));
afterAll(() => shop.close());
beforeEach(() => {
  shop.emulator.reset();
  shop.emulator.place({ out_trade_no });
});
afterEach(() => {
  const { request, response } = http().axiosRef.interceptors;
  request.clear();
  response.clear();
});

const http = (of = shop): HttpService => of.app.get(HttpService, { strict: false });
const close = (of = shop) => ending(of.service.direct({ out_trade_no }));

describe('an interceptor', () => {
  it('of requests runs from the call on that follows, and may add headers', async () => {
    expect(await close()).toMatchObject(CLOSED);
    http().axiosRef.interceptors.request.use((config) => {
      config.headers.set('X-Trace', 'abc');
      return config;
    });
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    const traces = shop.emulator.requests.map(({ headers }) => headers.find(([name]) => name === 'X-Trace')?.[1]);
    expect(traces).toEqual([undefined, 'abc']);
  });

  it('of requests no longer runs once it is ejected', async () => {
    const { request } = http().axiosRef.interceptors;
    let runs = 0;
    const id = request.use((config) => {
      runs++;
      return config;
    });
    await close();
    request.eject(id);
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    expect(runs).toBe(1);
    expect(shop.emulator.requests).toHaveLength(2);
  });

  it('of responses runs, and sees what came', async () => {
    const seen: unknown[] = [];
    http().axiosRef.interceptors.response.use((response) => {
      seen.push({ status: response.status, statusText: response.statusText });
      return response;
    });
    expect(await close()).toMatchObject(CLOSED);
    expect(seen).toEqual([{ status: 204, statusText: 'No Content' }]);
  });

  it('of responses that fails leaves the outcome unknown', async () => {
    http().axiosRef.interceptors.response.use(() => Promise.reject(new Error('canary')));
    const error = await close();
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason: 'interceptor' });
    expect(String(error)).not.toContain('canary');
  });

  it('of requests that takes away the means to cancel does not keep the socket of a caller who leaves', async () => {
    http().axiosRef.interceptors.request.use((config) => {
      delete config.cancelToken;
      return config;
    });
    shop.emulator.afterSigning(() => new Promise<undefined>(() => {}));
    const subscription = shop.service.direct({ out_trade_no }).subscribe();
    await until(() => shop.emulator.requests.length === 1);
    subscription.unsubscribe();
    await until(() => shop.emulator.requests[0]?.aborted === true);
  });

  it('of requests that takes away the means to cancel sends nothing for a caller who has left', async () => {
    let goOn: (() => void) | undefined;
    http().axiosRef.interceptors.request.use(async (config) => {
      delete config.cancelToken;
      await new Promise<void>((resolve) => (goOn = resolve));
      return config;
    });
    const subscription = shop.service.direct({ out_trade_no }).subscribe();
    await until(() => goOn !== undefined);
    subscription.unsubscribe();
    goOn?.();
    http().axiosRef.interceptors.request.clear();
    // Whatever the first one was to send would have come before this one.
    expect(await close()).toMatchObject(CLOSED);
    expect(shop.emulator.requests).toHaveLength(1);
  });

  it('of requests gets the abort of a caller who leaves, and nothing is sent after that', async () => {
    let cancelled = false;
    let goOn: (() => void) | undefined;
    http().axiosRef.interceptors.request.use(async (config) => {
      void config.cancelToken?.promise.then(() => (cancelled = true));
      await new Promise<void>((resolve) => (goOn = resolve));
      return config;
    });
    const subscription = shop.service.direct({ out_trade_no }).subscribe();
    await until(() => goOn !== undefined);
    subscription.unsubscribe();
    await until(() => cancelled);
    goOn?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shop.emulator.requests).toHaveLength(0);
  });

  it('does not keep the socket open when the caller leaves during the exchange', async () => {
    http().axiosRef.interceptors.request.use((config) => config);
    let release: (() => void) | undefined;
    shop.emulator.afterSigning(() => new Promise<void>((resolve) => (release = resolve)));
    const subscription = shop.service.direct({ out_trade_no }).subscribe();
    await until(() => release !== undefined);
    subscription.unsubscribe();
    await until(() => shop.emulator.requests[0]?.aborted === true);
    release?.();
  });
});

describe('the deadline of an attempt', () => {
  let time: VirtualTimeScheduler;
  let timed: TestShop;
  beforeEach(async () => {
    time = new VirtualTimeScheduler();
    const timeouts = { connectMs: 100, attemptMs: 200, totalMs: 1_000 };
    timed = await openShop({ timeouts }, {}, [[WECHAT_PAY_SCHEDULER, time]]);
    timed.emulator.place({ out_trade_no });
  });
  afterEach(() => timed.close());

  it.each(['request', 'response'] as const)('holds where an interceptor of %ss is stuck', async (kind) => {
    let isStuck = false;
    const stuck = (): Promise<never> => {
      isStuck = true;
      return new Promise(() => {});
    };
    http(timed).axiosRef.interceptors[kind].use(stuck);
    const end = close(timed);
    await until(() => isStuck);
    time.maxFrames = 200;
    time.flush();
    expect(await end).toMatchObject({ name: 'OutcomeUnknownError', reason: 'timeout' });
    expect(String(await end)).toContain('200 ms');
    expect(timed.emulator.requests).toHaveLength(kind === 'request' ? 0 : 1);
  });

  it('holds where no interceptor is registered, and closes the socket', async () => {
    let release: (() => void) | undefined;
    timed.emulator.afterSigning(() => new Promise<void>((resolve) => (release = resolve)));
    const end = close(timed);
    await until(() => release !== undefined);
    time.maxFrames = 200;
    time.flush();
    expect(await end).toMatchObject({ name: 'OutcomeUnknownError', phase: 'sent', reason: 'timeout' });
    await until(() => timed.emulator.requests[0]?.aborted === true);
    release?.();
  });
});
