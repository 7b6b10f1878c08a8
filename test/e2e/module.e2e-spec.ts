import { sign } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Inject, Injectable, Module, Param, Post, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  type ApiV3CloseVariant,
  type ClosedOrder,
  CloseOrderService,
  InvalidRequestError,
  Md5Verifier,
  type SignatureEvidence,
  Signer,
  type SigningIdentity,
  WECHAT_PAY_MODULE_OPTIONS,
  WechatPayConfigurationError,
  WechatPayModule,
  type WechatPayModuleOptions,
  type WechatPayOptionsFactory,
} from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import type { Observable } from 'rxjs';
import { z } from 'zod';

import { ending, keys, ONE_TRY } from '../support/test-shop.js';

let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({
    keys,
    merchants: [
      { mchid: '1900000109', subMchids: ['1230000109'] },
      { mchid: '1900000110', appid: 'wx0000000000000110' },
    ],
  });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

const one = (): WechatPayModuleOptions => ({
  ...emulator.options(),
  ...ONE_TRY,
  merchants: emulator.options().merchants.slice(0, 1),
});
const apiV2Key = () => emulator.credentials.merchants[0]?.apiV2Key ?? '';

/** Starts an application with one module, hands its service over, and stops it. */
async function withModule<T>(
  module: Parameters<typeof Test.createTestingModule>[0]['imports'],
  use: (service: CloseOrderService) => Promise<T>,
): Promise<T> {
  const app = await (await Test.createTestingModule({ imports: module ?? [] }).compile()).init();
  try {
    return await use(app.get(CloseOrderService, { strict: false }));
  } finally {
    await app.close();
  }
}

const closesAnOrder = async (service: CloseOrderService) => {
  emulator.place({ out_trade_no: 'MODULE0001' });
  expect(await ending(service.direct({ out_trade_no: 'MODULE0001' }))).toMatchObject({ state: 'CLOSED' });
};

@Injectable()
class OptionsFactory implements WechatPayOptionsFactory {
  createWechatPayOptions(): Promise<WechatPayModuleOptions> {
    return Promise.resolve(one());
  }
}

@Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
class OptionsModule {}

@Controller('orders')
class OrdersController {
  constructor(@Inject(CloseOrderService) private readonly closeOrder: CloseOrderService) {}

  @Post(':out_trade_no/close')
  close(@Param('out_trade_no') out_trade_no: string): Observable<ClosedOrder> {
    return this.closeOrder.partner({ out_trade_no, sp_mchid: '1900000109', sub_mchid: '1230000109' });
  }
}

describe('WechatPayModule', () => {
  it('forRoot', () => withModule([WechatPayModule.forRoot(one())], closesAnOrder));

  it('forRootAsync with useFactory and inject', () =>
    withModule(
      [
        WechatPayModule.forRootAsync({
          imports: [OptionsModule],
          inject: [OptionsFactory],
          useFactory: (factory: OptionsFactory) => factory.createWechatPayOptions(),
        }),
      ],
      closesAnOrder,
    ));

  it('forRootAsync with useClass', () =>
    withModule([WechatPayModule.forRootAsync({ useClass: OptionsFactory })], closesAnOrder));

  it('forRootAsync with useExisting', () =>
    withModule(
      [WechatPayModule.forRootAsync({ imports: [OptionsModule], useExisting: OptionsFactory })],
      closesAnOrder,
    ));

  it('isGlobal: a controller elsewhere injects the service, and its route answers over HTTP', async () => {
    @Module({ controllers: [OrdersController] })
    class ShopModule {}
    const imports = [WechatPayModule.forRoot({ ...one(), isGlobal: true }), ShopModule];
    const app = (await Test.createTestingModule({ imports }).compile()).createNestApplication();
    await app.listen(0, '127.0.0.1');
    emulator.place({ out_trade_no: 'GLOBAL0001', sub_mchid: '1230000109' });
    const response = await fetch(`${await app.getUrl()}/orders/GLOBAL0001/close`, { method: 'POST' });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      state: 'CLOSED',
      variant: 'partner',
      order: { out_trade_no: 'GLOBAL0001' },
    });
    await app.close();
  });

  it('without isGlobal, a module that does not import it cannot inject the service', async () => {
    @Module({ controllers: [OrdersController] })
    class ShopModule {}
    const module = Test.createTestingModule({ imports: [WechatPayModule.forRoot(one()), ShopModule] });
    await expect(module.compile()).rejects.toThrow('CloseOrderService');
  });

  it.each([undefined, null])('does not start with %p for options, and says what to give', async (nothing) => {
    const module = () => WechatPayModule.forRoot(nothing as unknown as WechatPayModuleOptions);
    const error: unknown = await withModule([module()], () => Promise.resolve()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WechatPayConfigurationError);
    expect(String(error)).toContain('- merchants is empty; give an array of at least one merchant');
  });

  it.each([
    ['forRoot', (options: WechatPayModuleOptions) => WechatPayModule.forRoot(options)],
    ['forRootAsync', (options: WechatPayModuleOptions) => WechatPayModule.forRootAsync({ useFactory: () => options })],
  ])('%s: does not start with options that do not hold', async (_, register) => {
    const options = { merchants: [{ mchid: '1', apiV2: { key: 'short' } }] };
    const module = Test.createTestingModule({ imports: [register(options)] });
    const error: unknown = await module.compile().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WechatPayConfigurationError);
    expect(String(error)).toContain(
      '- merchants[0].apiV2.key is 5 bytes long; it must be exactly 32 letters and digits',
    );
  });
});

describe('signers', () => {
  const [merchant] = ['1900000109'];

  @Injectable()
  class Vault {
    readonly asked: string[] = [];
    async signature(mchid: string, message: string): Promise<string> {
      this.asked.push(mchid);
      await new Promise(setImmediate);
      const pem = emulator.credentials.merchants.find((known) => known.mchid === mchid)?.privateKey ?? '';
      return sign('RSA-SHA256', Buffer.from(message), pem).toString('base64');
    }
  }

  @Module({ providers: [Vault], exports: [Vault] })
  class VaultModule {}

  @Injectable()
  class VaultSigner extends Signer {
    readonly scheme = 'WECHATPAY2-SHA256-RSA2048';
    override readonly holdsKey = true;

    constructor(@Inject(Vault) private readonly vault: Vault) {
      super();
    }

    sign(message: string, { mchid }: SigningIdentity): Promise<string> {
      return this.vault.signature(mchid, message);
    }
  }

  const withoutPrivateKey = (): WechatPayModuleOptions => ({
    ...one(),
    merchants: emulator
      .options()
      .merchants.slice(0, 1)
      .map(({ mchid, apiV3 }) => {
        if (apiV3 === undefined) throw new Error('the emulator gives apiV3');
        const { privateKey: _, ...rest } = apiV3;
        return { mchid, apiV3: rest };
      }),
  });

  it.each([
    [
      'forRoot',
      () => WechatPayModule.forRoot({ ...withoutPrivateKey(), signers: [VaultSigner], imports: [VaultModule] }),
    ],
    [
      'forRootAsync',
      () =>
        WechatPayModule.forRootAsync({ imports: [VaultModule], signers: [VaultSigner], useFactory: withoutPrivateKey }),
    ],
  ])(
    '%s: an asynchronous one that injects replaces the built-in, and no key enters the process',
    async (_, register) => {
      const app = await (await Test.createTestingModule({ imports: [register(), VaultModule] }).compile()).init();
      await closesAnOrder(app.get(CloseOrderService));
      expect(app.get(Vault, { strict: false }).asked).toEqual([merchant]);
      await app.close();
    },
  );

  const failing = (scheme: string, result: () => string | Promise<string>): Type<Signer> => {
    @Injectable()
    class FailingSigner extends Signer {
      readonly scheme = scheme;
      sign() {
        return result();
      }
    }
    return FailingSigner;
  };

  it.each<[string, () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('canary');
      },
    ],
    ['rejects', () => Promise.reject(new Error('canary'))],
    ['gives nothing', () => ''],
    ['gives a header injection', () => 'abc"\r\nX: y'],
    ['gives no text', () => 1 as unknown as string],
  ])('one that %s ends the call, and nothing is sent', async (_, result) => {
    for (const scheme of ['WECHATPAY2-SHA256-RSA2048', 'HMAC-SHA256']) {
      const error = await withModule(
        [WechatPayModule.forRoot({ ...one(), signers: [failing(scheme, result)] })],
        (service) =>
          ending(
            scheme === 'HMAC-SHA256'
              ? service.v2({ out_trade_no: 'SIGNER0001' })
              : service.direct({ out_trade_no: 'SIGNER0001' }),
          ),
      );
      expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'signer' });
      expect(String(error)).not.toContain('canary');
      expect(emulator.requests).toHaveLength(0);
    }
  });

  it('a verifier of the application replaces the built-in, and one that throws or says "yes" in other words proves nothing', async () => {
    const verdicts: (() => boolean)[] = [
      () => {
        throw new Error('canary');
      },
      () => 'true' as unknown as boolean,
      () => 1 as unknown as boolean,
      () => Promise.resolve({}) as unknown as boolean,
    ];
    for (const verdict of verdicts) {
      @Injectable()
      class OddVerifier extends Md5Verifier {
        override matches(_: SignatureEvidence): boolean {
          return verdict();
        }
      }
      const error = await withModule([WechatPayModule.forRoot({ ...one(), verifiers: [OddVerifier] })], (service) =>
        ending(service.v2({ out_trade_no: 'VERIFY0001', sign_type: 'MD5' })),
      );
      expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'verify' });
    }
  });
});

describe('APIv2 requests', () => {
  it.each(['MD5', 'HMAC-SHA256'] as const)('honour nonce_str and sign_type %s', async (sign_type) => {
    emulator.place({ out_trade_no: 'SIGNTYPE01' });
    const closed = await withModule([WechatPayModule.forRoot(one())], (service) =>
      ending(service.v2({ out_trade_no: 'SIGNTYPE01', nonce_str: 'mynonce1', sign_type })),
    );
    expect(closed).toMatchObject({ state: 'CLOSED' });
    const body = emulator.requests[0]?.body.toString() ?? '';
    expect(body).toContain('<nonce_str><![CDATA[mynonce1]]></nonce_str>');
    expect(body).toContain(`<sign_type><![CDATA[${sign_type}]]></sign_type>`);
  });

  it("sign as the merchant's signType says", async () => {
    emulator.place({ out_trade_no: 'SIGNTYPE02' });
    const options = {
      ...one(),
      merchants: [{ mchid: '1900000109', appid: 'wx8888888888888888', apiV2: { key: apiV2Key(), signType: 'MD5' } }],
    };
    const closed = await withModule([WechatPayModule.forRoot(options)], (service) =>
      ending(service.v2({ out_trade_no: 'SIGNTYPE02' })),
    );
    expect(closed).toMatchObject({ state: 'CLOSED' });
    expect(emulator.requests[0]?.body.toString()).toMatch(/<sign><!\[CDATA\[[0-9A-F]{32}\]/);
  });

  it("close a sub-merchant's order", async () => {
    emulator.place({ out_trade_no: 'SUBMCH0001', sub_mchid: '1230000109' });
    const closed = await withModule([WechatPayModule.forRoot(one())], (service) =>
      ending(service.v2({ out_trade_no: 'SUBMCH0001', sub_mch_id: '1230000109' })),
    );
    expect(closed).toMatchObject({
      state: 'CLOSED',
      order: { sub_mchid: '1230000109' },
      response: { sub_mch_id: '1230000109' },
    });
  });

  it('need an appid, in the request or in the options', async () => {
    const options = { ...one(), merchants: [{ mchid: '1900000109', apiV2: { key: apiV2Key() } }] };
    const error = await withModule([WechatPayModule.forRoot(options)], (service) =>
      ending(service.v2({ out_trade_no: 'APPID00001' })),
    );
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      issues: [{ field: 'appid', rule: expect.stringContaining('is missing; it must be an appid') }],
    });
  });
});

describe('several merchants', () => {
  const several = <T>(use: (service: CloseOrderService) => Promise<T>) =>
    withModule([WechatPayModule.forRoot(emulator.options())], use);

  it('sign by the number that the request carries', () =>
    several(async (service) => {
      emulator.place({ out_trade_no: 'SEVERAL001', mchid: '1900000110' });
      expect(await ending(service.direct({ out_trade_no: 'SEVERAL001', mchid: '1900000110' }))).toMatchObject({
        state: 'CLOSED',
        order: { mchid: '1900000110' },
      });
    }));

  it('sign by options.merchant', () =>
    several(async (service) => {
      emulator.place({ out_trade_no: 'SEVERAL002', mchid: '1900000110' });
      expect(await ending(service.direct({ out_trade_no: 'SEVERAL002' }, { merchant: '1900000110' }))).toMatchObject({
        state: 'CLOSED',
      });
    }));

  it.each<[string, (service: CloseOrderService) => Observable<ClosedOrder>, string]>([
    [
      'none is named',
      (service) => service.direct({ out_trade_no: 'SEVERAL003' }),
      'merchant is not named, and several are configured; give options.merchant, one of 1900000109, 1900000110',
    ],
    [
      'one is named that is not configured',
      (service) => service.direct({ out_trade_no: 'SEVERAL003', mchid: '1' }),
      'merchant 1 is not configured; there are 1900000109, 1900000110',
    ],
    [
      'two are named',
      (service) => service.direct({ out_trade_no: 'SEVERAL003', mchid: '1900000109' }, { merchant: '1900000110' }),
      'options.merchant is 1900000110, but the request carries 1900000109',
    ],
  ])('send nothing when %s', (_, call, message) =>
    several(async (service) => {
      const error = await ending(call(service));
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect(String(error)).toContain(message);
      expect(error).toMatchObject({ outcome: 'not_sent', attempts: 0, retryable: false });
      expect(emulator.requests).toHaveLength(0);
    }),
  );

  it('say when one lacks the keys of an API', () =>
    withModule(
      [
        WechatPayModule.forRoot({
          ...one(),
          merchants: [{ mchid: '1900000109', appid: 'wx8888888888888888', apiV2: { key: apiV2Key() } }],
        }),
      ],
      async (service) => {
        expect(String(await ending(service.direct({ out_trade_no: 'SEVERAL004' })))).toContain(
          "1900000109 has no apiV3, which this variant needs; add it to the merchant's options",
        );
      },
    ));
});

describe('overseas forms', () => {
  it.each([
    ['direct', {}, { mchid: '1900000109' }],
    ['institution', { sub_mchid: '1230000109' }, { sp_mchid: '1900000109', sub_mchid: '1230000109' }],
    [
      'the founding document',
      { mchid: '1900000109', sp_mchid: '1900000109', sub_mchid: '1230000109' },
      { mchid: '1900000109', sp_mchid: '1900000109', sub_mchid: '1230000109' },
    ],
  ])('%s: the body names exactly these parties', (_, parties, body) =>
    withModule([WechatPayModule.forRoot(one())], async (service) => {
      const order = emulator.place({
        kind: 'overseas',
        out_trade_no: 'OVERSEAS01',
        ...('sub_mchid' in parties && { sub_mchid: '1230000109' }),
      });
      const closed = await ending(service.hkById({ transaction_id: order.transaction_id ?? '', ...parties }));
      expect(closed).toMatchObject({ state: 'CLOSED' });
      expect(JSON.parse(emulator.requests[0]?.body.toString() ?? '')).toEqual(body);
    }),
  );
});

describe("a variant of the application's own", () => {
  const request = z.strictObject({ number: z.string().min(6) });
  const own: ApiV3CloseVariant<z.infer<typeof request>> = {
    api: 'v3',
    name: 'own',
    host: 'overseas',
    request,
    complete: request,
    merchantNumber: () => undefined,
    fill: (given) => given,
    order: ({ number }) => ({ out_trade_no: number }),
    path: ({ number }) => `/v3/pay/transactions/out-trade-no/${number}/close`,
    body: () => ({ mchid: '1900000109' }),
  };

  it('closes through the same pipeline', () =>
    withModule([WechatPayModule.forRoot(one())], async (service) => {
      emulator.place({ out_trade_no: 'OWN0000001' });
      expect(await ending(service.close(own, { number: 'OWN0000001' }))).toMatchObject({
        state: 'CLOSED',
        variant: 'own',
      });
      expect(await ending(service.close(own, { number: '1' }))).toMatchObject({
        name: 'InvalidRequestError',
        variant: 'own',
        issues: [{ field: 'number' }],
      });
    }));
});

describe('the module in an application', () => {
  it('a module that exports it again hands the service on', () => {
    @Module({ imports: [WechatPayModule.forRoot(one())], exports: [WechatPayModule] })
    class PaymentsModule {}
    @Injectable()
    class Cancellations {
      constructor(@Inject(CloseOrderService) readonly closeOrder: CloseOrderService) {}
    }
    @Module({ imports: [PaymentsModule], providers: [Cancellations], exports: [Cancellations] })
    class ShopModule {}
    return withModule([ShopModule], closesAnOrder);
  });

  it('a bare import has no options, and the application does not start', async () => {
    const imports = [WechatPayModule.forRoot({ ...one(), isGlobal: true })];
    @Module({ imports: [WechatPayModule] })
    class ShopModule {}
    const module = Test.createTestingModule({ imports: [...imports, ShopModule], providers: [] });
    await expect(module.compile()).rejects.toThrow(/can't resolve dependencies/);
  });

  it.each([
    ['forRoot', () => WechatPayModule.forRoot({ merchants: [] })],
    [
      'forRootAsync',
      () => WechatPayModule.forRootAsync({ useFactory: () => Promise.reject(new Error('a factory of no test')) }),
    ],
  ])('%s: a test overrides the options of a whole application', async (_, register) => {
    @Module({ imports: [register()] })
    class AppModule {}
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(WECHAT_PAY_MODULE_OPTIONS)
      .useValue(one())
      .compile();
    const app = await module.init();
    await closesAnOrder(app.get(CloseOrderService, { strict: false }));
    await app.close();
  });
});
