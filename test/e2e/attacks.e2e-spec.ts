import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import { HttpService } from '@nestjs/axios';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  Clock,
  CloseOrderService,
  InvalidRequestError,
  OutcomeUnknownError,
  RsaSha256Signer,
  RsaSha256Verifier,
  WechatPayConfigurationError,
  WechatPayError,
  WechatPayModule,
} from 'nestjs-wechatpay';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';
import { EMPTY, of } from 'rxjs';

import { Verified } from '../../lib/answers/verified.js';
import { WechatPayTransport } from '../../lib/transport/wechat-pay.transport.js';
import { ending, ONE_TRY, openShop, type TestShop } from '../support/test-shop.js';

const out_trade_no = 'ATTACK0001';
let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => {
  shop.emulator.reset();
  shop.clock.stoppedAt = undefined;
});
afterAll(() => shop.close());

const replyWith = (change: Partial<EmulatorReply>) => shop.emulator.afterSigning((reply) => ({ ...reply, ...change }));

describe('a hostile peer', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'does no harm with a header named %s',
    async (name) => {
      const server = createServer((socket) =>
        socket
          .on('error', () => {})
          .once('data', () => socket.end(`HTTP/1.1 502 x\r\n${name}: a\r\n${name}: b\r\nContent-Length: 0\r\n\r\n`)),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const hosts = { mainland: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      const attacked = await openShop({ hosts });
      const error = await ending(attacked.service.direct({ out_trade_no }));
      await attacked.close();
      server.close();
      expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason: 'serverError' });
    },
  );

  it('cannot end a call in anything but a typed error, however deep its JSON', async () => {
    const deep = `{"code":"ORDER_PAID","detail":${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}}`;
    replyWith({ status: 400, body: Buffer.from(deep) });
    expect(await ending(shop.service.direct({ out_trade_no }))).toBeInstanceOf(OutcomeUnknownError);
  });

  it.each([
    [
      '401 with another code than SIGN_ERROR',
      'direct',
      { status: 401, headers: [], body: Buffer.from('{"code":"WHATEVER"}') },
    ],
    [
      'APIv2 FAIL with a status other than 200',
      'v2',
      { status: 502, body: Buffer.from('<xml><return_code>FAIL</return_code></xml>') },
    ],
  ] as const)('cannot claim a refusal by %s', async (_, method, change) => {
    shop.emulator.place({ out_trade_no });
    replyWith(change);
    expect(await ending(shop.service[method]({ out_trade_no }))).toBeInstanceOf(OutcomeUnknownError);
  });

  it('cannot make an unsigned refusal say that the order was not closed', async () => {
    const order = shop.emulator.place({ out_trade_no });
    replyWith({ status: 401, headers: [], body: Buffer.from('{"code":"SIGN_ERROR","message":"x"}') });
    const error = await ending(shop.service.direct({ out_trade_no }));
    expect(error).toMatchObject({ name: 'RequestRefusedError', authenticated: false });
    expect(String(error)).not.toMatch(/not closed|as it was/);
    expect(order.state).toBe('CLOSED');
  });

  it('cannot get a signature repeated in other spellings', async () => {
    const echo = (change: (text: string) => string) =>
      shop.emulator.afterSigning((reply, { request }) => {
        const signature =
          /signature="([^"]+)"/.exec(request.headers.find(([name]) => name === 'Authorization')?.[1] ?? '')?.[1] ?? '';
        return {
          ...reply,
          status: 400,
          body: Buffer.from(
            JSON.stringify({ code: 'PARAM_ERROR', message: change(signature), detail: { value: change(signature) } }),
          ),
        };
      });
    const spellings = [
      encodeURIComponent,
      (text: string) => text.slice(0, 100),
      (text: string) => text.replaceAll(/(.{40})/g, '$1\n'),
      (text: string) => `x${text.slice(30)}`,
    ];
    for (const spelling of spellings) {
      const undo = echo(spelling);
      const error = await ending(shop.service.direct({ out_trade_no }));
      undo();
      expect(error).toMatchObject({ description: '[redacted: it repeats what was sent in confidence]' });
    }
  });
});

describe('an echo', () => {
  it('cannot get a piece of a signature repeated as a code', async () => {
    let piece = '';
    shop.emulator.afterSigning((reply, { request }) => {
      const authorization = request.headers.find(([name]) => name === 'Authorization')?.[1] ?? '';
      piece = /signature="[^"]*?([0-9A-Za-z]{16})/.exec(authorization)?.[1] ?? '';
      return { ...reply, status: 400, body: Buffer.from(JSON.stringify({ code: piece, message: 'x' })) };
    });
    const error = await ending(shop.service.direct({ out_trade_no }));
    expect(piece).toHaveLength(16);
    expect(String(error) + JSON.stringify(error)).not.toContain(piece);
  });
});

describe('a polluted prototype', () => {
  it('changes no outcome', async () => {
    const pollution: Record<string, unknown> = { code: 'ORDER_CLOSED', internalCode: '268449641', description: 'x' };
    for (const name of Object.keys(pollution))
      Reflect.defineProperty(Object.prototype, name, { value: pollution[name], configurable: true, writable: true });
    try {
      shop.emulator.beforeSigning(() => ({ status: 400, body: 'no object' }));
      const signedNonsense = await ending(shop.service.direct({ out_trade_no }));
      expect(signedNonsense).toBeInstanceOf(OutcomeUnknownError);
    } finally {
      for (const name of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, name);
    }
  });
});

describe('the application itself', () => {
  it('cannot make a Verified', () => {
    const forge = Verified as unknown as new (...values: unknown[]) => unknown;
    expect(() => new forge('closed')).toThrow('Only a verified signature makes a Verified.');
    expect(() => new forge(Symbol('seal'), 'closed')).toThrow(TypeError);
  });

  it.each([NaN, undefined, 'x'])('with a clock that says %p believes nothing', async (time) => {
    const module = await Test.createTestingModule({
      imports: [WechatPayModule.forRoot({ ...shop.emulator.options(), ...ONE_TRY })],
    })
      .overrideProvider(Clock)
      .useValue({ now: () => time })
      .compile();
    shop.emulator.afterSigning((reply, { sign }) => sign(reply));
    const error = await ending(module.get(CloseOrderService).direct({ out_trade_no }));
    await module.close();
    expect(error).toBeInstanceOf(WechatPayError);
  });

  it.each([
    ['a signer', 'notSent', 'signer', { signers: [stuckSigner()] }],
    ['a verifier', 'verify', 'verifier', { verifiers: [stuckVerifier()] }],
  ] as const)('with %s that never answers is not kept waiting', async (_, phase, reason, change) => {
    const stuck = await openShop({ timeouts: { attemptMs: 300 }, ...change });
    stuck.emulator.place({ out_trade_no });
    const error = await ending(stuck.service.direct({ out_trade_no }));
    await stuck.close();
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase, reason });
  });

  it.each<[string, unknown]>([
    [
      'a getter that throws',
      Object.defineProperty({}, 'out_trade_no', {
        enumerable: true,
        get: () => {
          throw new Error('canary');
        },
      }),
    ],
    ['a revoked proxy', revokedProxy()],
    ['nothing', undefined],
  ])('with %s for a request gets a typed error', async (_, request) => {
    const error = await ending(shop.service.direct(request as { out_trade_no: string }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(String(error)).not.toContain('canary');
  });

  it.each(['x'.repeat(1_000_000), '1\n2', Symbol('1') as unknown as string, null as unknown as string])(
    'with a merchant number that is none gets it not repeated',
    async (merchant) => {
      const error = await ending(shop.service.direct({ out_trade_no }, { merchant }));
      expect(error).toMatchObject({ name: 'InvalidRequestError', issues: [{ field: 'options.merchant' }] });
      expect(String(error).length).toBeLessThan(300);
    },
  );

  it.each([
    ['emits twice', () => of({ status: 204, headers: {}, data: '' }, { status: 204, headers: {}, data: '' })],
    ['emits nothing', () => EMPTY],
    [
      'throws',
      () => {
        throw new Error('canary');
      },
    ],
  ])('with an HttpService that %s gets one ending', async (_, request) => {
    const module = await Test.createTestingModule({
      imports: [WechatPayModule.forRoot({ ...shop.emulator.options(), ...ONE_TRY })],
    })
      .overrideProvider(HttpService)
      .useValue({ request })
      .compile();
    const error = await ending(module.get(CloseOrderService).direct({ out_trade_no }));
    await module.close();
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(String(error)).not.toContain('canary');
  });

  it.each(['Host', 'Content-Length', 'Transfer-Encoding', 'Wechatpay-Serial', 'Content-Type'])(
    'cannot change %s in an interceptor',
    async (name) => {
      const { interceptors } = httpOf(shop).axiosRef;
      const id = interceptors.request.use((config) => {
        config.headers.set(name, '1');
        return config;
      });
      const error = await ending(shop.service.direct({ out_trade_no }));
      interceptors.request.eject(id);
      expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'interceptor' });
      expect(shop.emulator.requests).toHaveLength(0);
    },
  );

  it("does not share interceptors with another application's module", async () => {
    const other = await openShop();
    expect(httpOf(other).axiosRef).not.toBe(httpOf(shop).axiosRef);
    await other.close();
  });

  it('that gives a key for a name is not told it back', async () => {
    const pem = shop.emulator.credentials.merchants[0]?.privateKey ?? '';
    const apiV2Key = shop.emulator.credentials.merchants[0]?.apiV2Key ?? '';
    const merchants = [
      {
        mchid: '1',
        apiV2: { [apiV2Key]: 'key' },
        apiV3: { serialNo: '01', privateKey: pem, publicKeys: { [pem]: 'PUB_KEY_ID_01' } },
        [pem]: 1,
      },
    ];
    const module = Test.createTestingModule({ imports: [WechatPayModule.forRoot({ merchants } as never)] });
    const error: unknown = await module.compile().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WechatPayConfigurationError);
    const said = String(error) + inspect(error, { depth: 20 }) + JSON.stringify(error);
    expect(said).toContain('(a name of');
    expect(said).not.toContain(apiV2Key);
    expect(said).not.toContain(pem.split('\n')[1]);
  });
});

function httpOf({ app }: TestShop): HttpService {
  return app.get<{ http: HttpService }>(WechatPayTransport, { strict: false }).http;
}

function stuckSigner() {
  @Injectable()
  class StuckSigner extends RsaSha256Signer {
    override sign(): Promise<string> {
      return new Promise(() => {});
    }
  }
  return StuckSigner;
}

function stuckVerifier() {
  @Injectable()
  class StuckVerifier extends RsaSha256Verifier {
    override matches(): never {
      return new Promise(() => {}) as never;
    }
  }
  return StuckVerifier;
}

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
