import { createServer } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Server } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpService } from '@nestjs/axios';
import { OutcomeUnknownError } from 'nestjs-wechatpay';
import { firstValueFrom, forkJoin, retry } from 'rxjs';

import { WechatPayTransport } from '../../lib/transport/wechat-pay.transport.js';
import { CLOSE_CASES } from '../support/close-cases.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => shop.emulator.reset());
afterAll(() => shop.close());

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const authorizations = () =>
  shop.emulator.requests.map(({ headers }) => headers.find(([name]) => name === 'Authorization')?.[1] ?? '');

describe('the Observables', () => {
  it.each(CLOSE_CASES)('$name is cold: nothing happens before it is subscribed to', async (variant) => {
    const call = variant.close(shop.service, 'COLD000001', shop.emulator);
    await new Promise(setImmediate);
    expect(shop.emulator.requests).toHaveLength(0);
    await ending(call);
    expect(shop.emulator.requests).toHaveLength(1);
  });

  it('emit once and complete', async () => {
    shop.emulator.place({ out_trade_no: 'ONCE000001' });
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      shop.service.direct({ out_trade_no: 'ONCE000001' }).subscribe({
        next: ({ state }) => seen.push(state),
        error: reject,
        complete: () => {
          seen.push('complete');
          resolve();
        },
      });
    });
    expect(seen).toEqual(['CLOSED', 'complete']);
  });

  it('sign every subscription afresh', async () => {
    shop.emulator.place({ out_trade_no: 'FRESH00001' });
    const call = shop.service.direct({ out_trade_no: 'FRESH00001' });
    for (let count = 0; count < 3; count++) await ending(call);
    expect(new Set(authorizations()).size).toBe(3);
    expect(new Set(authorizations().map((text) => /nonce_str="([^"]+)"/.exec(text)?.[1])).size).toBe(3);
  });

  it('sign afresh when RxJS retries', async () => {
    shop.emulator.place({ out_trade_no: 'RETRY00001' });
    let replies = 0;
    shop.emulator.afterSigning(() => (++replies < 3 ? 'drop' : undefined));
    const closed = await firstValueFrom(shop.service.direct({ out_trade_no: 'RETRY00001' }).pipe(retry(2)));
    expect(closed.state).toBe('CLOSED');
    expect(new Set(authorizations()).size).toBe(3);
  });

  it('close the socket when they are unsubscribed from', async () => {
    shop.emulator.place({ out_trade_no: 'ABORT00001' });
    let release: (() => void) | undefined;
    shop.emulator.afterSigning(() => new Promise<void>((resolve) => (release = resolve)));
    const subscription = shop.service.direct({ out_trade_no: 'ABORT00001' }).subscribe();
    await until(() => release !== undefined);
    subscription.unsubscribe();
    await until(() => shop.emulator.requests[0]?.aborted === true);
    expect(shop.emulator.requests[0]).toMatchObject({ aborted: true });
    release?.();
  });

  it('send nothing when they are unsubscribed from while they sign', async () => {
    shop.service.direct({ out_trade_no: 'ABORT00002' }).subscribe().unsubscribe();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shop.emulator.requests).toHaveLength(0);
  });

  it('never mix up orders: 64 at once close 64, once each', async () => {
    const numbers = Array.from({ length: 64 }, (_, index) => `MANY${String(index).padStart(6, '0')}`);
    for (const out_trade_no of numbers) shop.emulator.place({ out_trade_no });
    const closed = await firstValueFrom(forkJoin(numbers.map((out_trade_no) => shop.service.direct({ out_trade_no }))));
    expect(closed.map(({ order }) => order.out_trade_no)).toEqual(numbers);
    expect(shop.emulator.orders.map(({ state }) => state)).toEqual(numbers.map(() => 'CLOSED'));
    const paths = shop.emulator.requests.map(({ url }) => url);
    expect(new Set(paths).size).toBe(64);
    expect(paths).toHaveLength(64);
  });
});

describe('a network that fails', () => {
  it('leaves the outcome unknown when the connection is dropped after the order was closed', async () => {
    const order = shop.emulator.place({ out_trade_no: 'DROP000001' });
    shop.emulator.afterSigning(() => 'drop');
    const error = await ending(shop.service.direct({ out_trade_no: 'DROP000001' }));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ phase: 'sent', reason: 'reset', retryable: true, authenticated: false });
    expect(order.state).toBe('CLOSED');
  });

  it('says that nothing was sent when nobody listens', async () => {
    const deaf = await openShop();
    await deaf.emulator.stop();
    const error = await ending(deaf.service.direct({ out_trade_no: 'DEAF000001' }));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'connect' });
    expect(error).toMatchObject({ message: expect.stringContaining('WeChat Pay has not seen the request') });
    await deaf.app.close();
  });

  it('gives up at the deadline, whatever the server does, and closes the socket', async () => {
    const hasty = await openShop({ timeouts: { attemptMs: 50 } });
    hasty.emulator.place({ out_trade_no: 'STALL00001' });
    hasty.emulator.afterSigning(() => new Promise<undefined>(() => {}));
    const error = await ending(hasty.service.direct({ out_trade_no: 'STALL00001' }));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'sent', reason: 'timeout' });
    await until(() => hasty.emulator.requests[0]?.aborted === true);
    await hasty.close();
  });

  it('reads no compressed reply', async () => {
    shop.emulator.afterSigning((reply) => ({
      ...reply,
      status: 200,
      headers: [...reply.headers, ['Content-Encoding', 'gzip']],
    }));
    expect(await ending(shop.service.direct({ out_trade_no: 'GZIP000001' }))).toMatchObject({
      reason: 'encoding',
      phase: 'body',
    });
    const [request] = shop.emulator.requests;
    expect(request?.headers).toContainEqual(['Accept-Encoding', 'identity']);
  });

  it('reads no more than 64 KiB', async () => {
    shop.emulator.afterSigning((reply) => ({ ...reply, status: 200, body: Buffer.alloc(70_000, 'x') }));
    expect(await ending(shop.service.direct({ out_trade_no: 'LARGE00001' }))).toMatchObject({
      reason: 'tooLarge',
      phase: 'body',
    });
  });

  it('keeps connections, reuses them, and closes them with the application', async () => {
    let connections = 0;
    const server = createServer((_, response) => void response.writeHead(500).end());
    server.on('connection', () => connections++);
    const kept = await openShop({ hosts: { mainland: await listen(server) } });
    for (const number of ['REUSE00001', 'REUSE00002', 'REUSE00003']) {
      expect(await ending(kept.service.direct({ out_trade_no: number }))).toMatchObject({ reason: 'serverError' });
    }
    expect(connections).toBe(1);
    await kept.close();
    // It can only come to an end once nobody is connected any more.
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['garbage', 'ABCDE\r\n\r\n', 'protocol', 'headers'],
    ['a head that breaks off', 'HTTP/1.1 204 No Con', 'reset', 'headers'],
    ['a body that breaks off', 'HTTP/1.1 400 Bad\r\nContent-Length: 99\r\n\r\n{"code":', 'reset', 'body'],
    ['nothing', '', 'reset', 'sent'],
  ])('tells how far the reply got: %s', async (_, bytes, reason, phase) => {
    const server = createRawServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(bytes)));
    const broken = await openShop({ hosts: { mainland: await listen(server) } });
    const error = await ending(broken.service.direct({ out_trade_no: 'BROKEN0001' }));
    await broken.close();
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason, phase });
  });

  it('does not serve the next call with a second reply that was smuggled behind a 204', async () => {
    shop.emulator.place({ out_trade_no: 'SMUGGLE001' });
    const smuggled = await openShop();
    smuggled.emulator.afterSigning((reply) => ({
      ...reply,
      headers: [...reply.headers, ['Content-Length', '3']],
      body: Buffer.from('abc'),
    }));
    smuggled.emulator.place({ out_trade_no: 'SMUGGLE001' });
    smuggled.emulator.pay(smuggled.emulator.place({ out_trade_no: 'SMUGGLE002' }));
    await ending(smuggled.service.direct({ out_trade_no: 'SMUGGLE001' }));
    expect(await ending(smuggled.service.direct({ out_trade_no: 'SMUGGLE002' }))).not.toHaveProperty('state');
    await smuggled.close();
  });
});

describe('HttpService', () => {
  const interceptorsOf = () => {
    const transport = shop.app.get(WechatPayTransport, { strict: false });
    return (transport as unknown as { http: HttpService }).http.axiosRef.interceptors.request;
  };

  it('stays in use: an interceptor may add headers', async () => {
    const id = interceptorsOf().use((config) => {
      config.headers.set('X-Trace', 'abc');
      return config;
    });
    shop.emulator.place({ out_trade_no: 'TRACE00001' });
    expect(await ending(shop.service.direct({ out_trade_no: 'TRACE00001' }))).toMatchObject({ state: 'CLOSED' });
    expect(shop.emulator.requests[0]?.headers).toContainEqual(['X-Trace', 'abc']);
    interceptorsOf().eject(id);
  });

  it.each<
    [
      string,
      (config: {
        url?: string;
        data?: unknown;
        method?: string;
        headers: { set(name: string, value: string): void };
      }) => void,
    ]
  >([
    ['the body', (config) => (config.data = '{}')],
    ['the URL', (config) => (config.url = `${config.url ?? ''}?x=1`)],
    ['the method', (config) => (config.method = 'put')],
    ['Authorization', (config) => config.headers.set('Authorization', 'Bearer x')],
  ])('cannot change %s after it was signed', async (_, change) => {
    const id = interceptorsOf().use((config) => {
      change(config);
      return config;
    });
    const error = await ending(shop.service.direct({ out_trade_no: 'CHANGE0001' }));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'interceptor' });
    expect(shop.emulator.requests).toHaveLength(0);
    interceptorsOf().eject(id);
  });
});
