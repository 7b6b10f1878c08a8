import { inspect } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Inject, Injectable, type INestApplicationContext, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  Clock,
  CloseOrderService,
  directVariant,
  type FoundMerchant,
  InvalidRequestError,
  type MerchantOptions,
  Merchants,
  MerchantSource,
  OutcomeUnknownError,
  v2Variant,
  WECHAT_PAY_MODULE_OPTIONS,
  WechatPayConfigurationError,
  WechatPayModule,
  type WechatPayModuleExtras,
  type WechatPayModuleOptions,
} from 'nestjs-wechatpay';
import { type EmulatorReply, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { NEVER, Observable, type Subscription } from 'rxjs';

import { rsaPair } from '../support/keys.js';
import { ending, keys, ONE_TRY } from '../support/test-shop.js';
import { until } from '../support/until.js';

const NUMBERS = ['1900000109', '1900000110', '1900000111', '1900000112'] as const;
const [A, B] = NUMBERS;
const STRANGER = rsaPair().privatePem;
const WRONG_V2_KEY = 'wrong-wrong-wrong-wrong-wrong-32';

let emulator: WechatPayEmulator;
/** What the tables of the shop say; tests change it as an operator would. */
const table = new Map<string, MerchantOptions>();
const asked: string[] = [];

beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys, merchants: NUMBERS.map((mchid) => ({ mchid })) });
});
afterEach(() => {
  emulator.reset();
  emulator.clock.reset();
  asked.length = 0;
});
afterAll(() => emulator.stop());

const hosts = () => emulator.options().hosts ?? {};
function optionsOf(mchid: string): MerchantOptions {
  const merchant = emulator.options().merchants.find((known) => known.mchid === mchid);
  if (merchant?.apiV3 === undefined) throw new Error(`the emulator does not know ${mchid}`);
  return merchant;
}
const withPrivateKey = (mchid: string, privateKey: string): MerchantOptions => {
  const merchant = optionsOf(mchid);
  return { ...merchant, ...(merchant.apiV3 && { apiV3: { ...merchant.apiV3, privateKey } }) };
};
const withV2Key = (mchid: string, key: string): MerchantOptions => ({ ...optionsOf(mchid), apiV2: { key } });

/** Answers from the table, a turn of the event loop later. */
@Injectable()
class TableSource extends MerchantSource {
  async find(mchid: string): Promise<MerchantOptions | undefined> {
    asked.push(mchid);
    await new Promise(setImmediate);
    return table.get(mchid);
  }
}

const sourceOf = (find: MerchantSource['find']) => ({
  useFactory: () => {
    class OwnSource extends MerchantSource {
      find(mchid: string) {
        asked.push(mchid);
        return find(mchid);
      }
    }
    return new OwnSource();
  },
});

interface Shop {
  readonly app: INestApplicationContext;
  readonly service: CloseOrderService;
  readonly merchants: Merchants;
}

async function open(options: Partial<WechatPayModuleOptions & WechatPayModuleExtras>): Promise<Shop> {
  const imports = [WechatPayModule.forRoot({ hosts: hosts(), ...ONE_TRY, ...options })];
  const module = await Test.createTestingModule({ imports })
    .overrideProvider(Clock)
    .useValue({ now: () => emulator.clock.now() })
    .compile();
  const app = await module.init();
  return { app, service: app.get(CloseOrderService), merchants: app.get(Merchants) };
}

async function withShop<T>(
  options: Partial<WechatPayModuleOptions & WechatPayModuleExtras>,
  use: (shop: Shop) => Promise<T>,
): Promise<T> {
  const shop = await open(options);
  try {
    return await use(shop);
  } finally {
    await shop.app.close();
  }
}

function fillTable(): void {
  table.clear();
  for (const mchid of NUMBERS) table.set(mchid, optionsOf(mchid));
}

const place = (mchid: string, out_trade_no: string) => emulator.place({ mchid, out_trade_no });

describe('a merchant source', () => {
  @Injectable()
  class Vault {
    find(mchid: string): FoundMerchant {
      asked.push(mchid);
      return optionsOf(mchid);
    }
  }

  @Injectable()
  class VaultSource extends MerchantSource {
    constructor(@Inject(Vault) private readonly vault: Vault) {
      super();
    }

    find(mchid: string): FoundMerchant {
      return this.vault.find(mchid);
    }
  }

  @Module({ providers: [Vault, VaultSource], exports: [Vault, VaultSource] })
  class VaultModule {}

  it.each<[string, WechatPayModuleExtras]>([
    ['a class', { merchantSource: VaultSource }],
    ['useClass', { merchantSource: { useClass: VaultSource } }],
    ['useExisting', { merchantSource: { useExisting: VaultSource } }],
    ['useFactory', { merchantSource: { useFactory: (vault: Vault) => new VaultSource(vault), inject: [Vault] } }],
  ])('is given by %s, to forRoot and to forRootAsync, and injects', async (_, extras) => {
    const options = { hosts: hosts(), ...ONE_TRY };
    for (const module of [
      WechatPayModule.forRoot({ ...options, ...extras, imports: [VaultModule] }),
      WechatPayModule.forRootAsync({ useFactory: () => options, ...extras, imports: [VaultModule] }),
    ]) {
      const app = await (await Test.createTestingModule({ imports: [module] }).compile()).init();
      place(A, 'SOURCE0001');
      const closed = await ending(app.get(CloseOrderService).direct({ out_trade_no: 'SOURCE0001', mchid: A }));
      expect(closed).toMatchObject({ state: 'CLOSED', order: { mchid: A } });
      expect(asked).toEqual([A]);
      asked.length = 0;
      emulator.reset();
      await app.close();
    }
  });

  it('is asked only for merchants that are not listed', () =>
    withShop({ merchants: [optionsOf(A)], merchantSource: sourceOf(() => undefined) }, async ({ service }) => {
      place(A, 'LISTED0001');
      expect(await ending(service.direct({ out_trade_no: 'LISTED0001', mchid: A }))).toMatchObject({ state: 'CLOSED' });
      expect(asked).toEqual([]);
    }));

  it.each<[string, readonly string[], string | undefined]>([
    ['one is listed', [A], undefined],
    [
      'none is listed',
      [],
      'merchant is not named, and none is listed; give options.merchant, a number that the merchant source knows',
    ],
    [
      'several are listed',
      [A, B],
      `merchant is not named, and several are configured; give options.merchant, one of ${A}, ${B}, or one that the merchant source knows`,
    ],
  ])('a request that names no merchant, where %s', (_, listed, words) =>
    withShop({ merchants: listed.map(optionsOf), merchantSource: TableSource }, async ({ service }) => {
      place(A, 'UNNAMED001');
      const end = await ending(service.direct({ out_trade_no: 'UNNAMED001' }));
      if (words === undefined) expect(end).toMatchObject({ state: 'CLOSED', order: { mchid: A } });
      else expect(String(end)).toContain(words);
      expect(asked).toEqual([]);
    }),
  );

  it('that does not know a number: the request is at fault, and it is asked once in a while', () =>
    withShop({ merchants: [optionsOf(A)], merchantSource: sourceOf(() => null) }, async ({ service }) => {
      for (let count = 0; count < 3; count++) {
        const error = await ending(service.direct({ out_trade_no: 'UNKNOWN001', mchid: '42' }));
        expect(error).toBeInstanceOf(InvalidRequestError);
        expect(error).toMatchObject({ outcome: 'not_sent', retryable: false });
        expect(String(error)).toContain('merchant 42 is not listed, and the merchant source does not know it');
      }
      expect(asked).toEqual(['42']);
      expect(emulator.requests).toHaveLength(0);
    }));

  it('is replaced by a test, as any provider is', async () => {
    const module = await Test.createTestingModule({
      imports: [WechatPayModule.forRoot({ hosts: hosts(), merchantSource: sourceOf(() => NEVER) })],
    })
      .overrideProvider(MerchantSource)
      .useValue({ find: optionsOf })
      .compile();
    const app = await module.init();
    place(B, 'REPLACE001');
    const end = await ending(app.get(CloseOrderService).direct({ out_trade_no: 'REPLACE001', mchid: B }));
    expect(end).toMatchObject({ state: 'CLOSED' });
    await app.close();
  });

  it('of another module is not taken by chance', async () => {
    @Module({ providers: [{ provide: MerchantSource, useClass: TableSource }], exports: [MerchantSource] })
    class OtherModule {}
    fillTable();
    await withShop({ merchants: [optionsOf(A)], imports: [OtherModule] }, async ({ service }) => {
      expect(await ending(service.direct({ out_trade_no: 'CHANCE0001', mchid: B }))).toMatchObject({
        issues: [{ field: 'merchant', rule: `${B} is not configured; there are ${A}` }],
      });
      expect(asked).toEqual([]);
    });
  });

  it.each<[string, Partial<WechatPayModuleOptions & WechatPayModuleExtras>, string]>([
    ['nothing at all', {}, 'merchants is missing; give an array of at least one merchant, or a merchantSource beside'],
    ['no merchant', { merchants: [] }, 'merchants is empty; give an array of at least one merchant, or a'],
    [
      'a source without find',
      { merchantSource: { useFactory: () => ({}) as MerchantSource } },
      'merchantSource has no method find(mchid); extend MerchantSource',
    ],
    [
      'a factory that finds no source to give',
      { merchantSource: { useFactory: () => null } },
      'merchants is missing; give an array',
    ],
    [
      'a factory that forgets to return',
      { merchantSource: { useFactory: () => undefined as unknown as MerchantSource } },
      'merchants is missing; give an array',
    ],
    [
      'merchants that are no list',
      { merchants: {} as MerchantOptions[], merchantSource: TableSource },
      'merchants is a value of type object; give an array',
    ],
    [
      'a cache without a source',
      { merchantCache: { max: 1 } },
      'merchantCache is of use only with a merchantSource, and there is none',
    ],
    [
      'a cache of 0',
      { merchantSource: TableSource, merchantCache: { max: 0 } },
      'merchantCache.max is not a whole number from 1 to 100000',
    ],
    [
      'a misspelt option of the cache',
      { merchantSource: TableSource, merchantCache: { ttl: 1 } as object },
      'merchantCache.ttl is no option; there are max, ttlMs',
    ],
  ])('the application does not start with %s', async (_, options, words) => {
    const error: unknown = await open(options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WechatPayConfigurationError);
    expect(String(error)).toContain(`- ${words}`);
  });
});

describe('calls whose merchant is looked for', () => {
  it('are cold: nobody is asked before they are subscribed to', () =>
    withShop({ merchantSource: TableSource }, async ({ service }) => {
      fillTable();
      const request = { out_trade_no: 'COLD000001', mchid: A };
      const calls = [
        service.direct(request),
        service.query(directVariant, request),
        service.settle(directVariant, request),
      ];
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(asked).toEqual([]);
      place(A, 'COLD000001');
      for (const call of calls) expect(await ending(call)).toHaveProperty('state');
      expect(asked).toEqual([A]);
    }));

  it('with a listed merchant sign in the same turn', () =>
    withShop({ merchants: [optionsOf(A)], merchantSource: TableSource }, async ({ app, service }) => {
      const { NonceSource } = await import('nestjs-wechatpay');
      const nonces = app.get(NonceSource, { strict: false });
      let signing = 0;
      const next = nonces.next.bind(nonces);
      nonces.next = () => {
        signing++;
        return next();
      };
      const subscription = service.direct({ out_trade_no: 'TURN000001', mchid: A }).subscribe();
      expect(signing).toBe(1);
      subscription.unsubscribe();
    }));

  it('end when they are unsubscribed from, the source, too, and nothing is sent', async () => {
    let isOpen: boolean | undefined;
    const find = () =>
      new Observable<FoundMerchant>(() => {
        isOpen = true;
        return () => (isOpen = false);
      });
    await withShop({ merchantSource: sourceOf(find) }, async ({ service }) => {
      const subscription: Subscription = service.direct({ out_trade_no: 'LEAVE00001', mchid: A }).subscribe();
      expect(isOpen).toBe(true);
      subscription.unsubscribe();
      expect(isOpen).toBe(false);
    });
    let answer: (merchant: FoundMerchant) => void = () => {};
    const slow = sourceOf(() => new Promise<FoundMerchant>((resolve) => (answer = resolve)));
    await withShop({ merchantSource: slow }, async ({ service }) => {
      const subscription = service.direct({ out_trade_no: 'LEAVE00002', mchid: A }).subscribe();
      subscription.unsubscribe();
      answer(optionsOf(A));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(emulator.requests).toHaveLength(0);
    });
  });

  it('end at once when the application shuts down, and no source is asked after that', async () => {
    const shop = await open({ merchantSource: sourceOf(() => NEVER) });
    const end = ending(shop.service.direct({ out_trade_no: 'SHUTDOWN01', mchid: A }));
    await shop.app.close();
    const expected = { name: 'OutcomeUnknownError', phase: 'notSent', reason: 'shutdown', attempts: 0 };
    expect(await end).toMatchObject(expected);
    expect(asked).toEqual([A]);
    expect(await ending(shop.service.direct({ out_trade_no: 'SHUTDOWN01', mchid: B }))).toMatchObject(expected);
    expect(asked).toEqual([A]);
  });

  it('60 at once for 3 merchants ask 3 times, and every order is closed by its own merchant', () =>
    withShop({ merchantSource: TableSource }, async ({ service }) => {
      fillTable();
      const orders = Array.from({ length: 60 }, (_, index) => ({
        mchid: NUMBERS[index % 3] ?? A,
        out_trade_no: `MANY${String(index).padStart(6, '0')}`,
      }));
      for (const { mchid, out_trade_no } of orders) place(mchid, out_trade_no);
      const ends = await Promise.all(orders.map((order) => ending(service.direct(order))));
      expect(ends).toEqual(orders.map((order) => expect.objectContaining({ state: 'CLOSED', order })));
      expect(asked.toSorted()).toEqual(NUMBERS.slice(0, 3));
    }));
});

describe('a merchant source that is at fault', () => {
  const canary = 'canary-canary-canary-canary-cana';

  it.each<[string, MerchantSource['find'], string]>([
    [
      'throws',
      () => {
        throw new TypeError(canary);
      },
      'The merchant source failed with TypeError; its log may say why.',
    ],
    ['rejects', () => Promise.reject(new RangeError(canary)), 'The merchant source failed with RangeError'],
    ['hangs', () => NEVER, 'The merchant source gave no answer within 200 ms.'],
    ['gives another merchant', () => optionsOf(B), "The merchant source gave another merchant's options"],
    [
      'gives a bad key',
      (mchid) => ({ mchid, apiV2: { key: `${canary}x` } }),
      'The merchant source gave options that do not hold: merchant.apiV2.key is 33 bytes long; it must be exactly 32',
    ],
  ])('%s: that call alone ends, and nothing was sent', (_, find, words) =>
    withShop(
      {
        merchants: [optionsOf(B)],
        merchantSource: sourceOf((mchid) => (mchid === A ? find(mchid) : table.get(mchid))),
        timeouts: { attemptMs: 200 },
      },
      async ({ service }) => {
        fillTable();
        const [listed, found] = [B, NUMBERS[2]];
        place(listed, 'FAULT00002');
        place(found, 'FAULT00003');
        const [error, v2Error, ...others] = await Promise.all([
          ending(service.direct({ out_trade_no: 'FAULT00001', mchid: A })),
          ending(service.v2({ out_trade_no: 'FAULT00004', mch_id: A })),
          ending(service.direct({ out_trade_no: 'FAULT00002', mchid: listed })),
          ending(service.direct({ out_trade_no: 'FAULT00003', mchid: found })),
        ]);
        expect(others).toEqual([
          expect.objectContaining({ state: 'CLOSED', order: { mchid: listed, out_trade_no: 'FAULT00002' } }),
          expect.objectContaining({ state: 'CLOSED', order: { mchid: found, out_trade_no: 'FAULT00003' } }),
        ]);
        expect(error).toBeInstanceOf(OutcomeUnknownError);
        expect(error).toMatchObject({
          phase: 'notSent',
          reason: 'merchant',
          retryable: true,
          attempts: 0,
          authenticated: false,
          order: { mchid: A, out_trade_no: 'FAULT00001' },
        });
        expect(v2Error).toMatchObject({ reason: 'merchant', order: { mchid: A, out_trade_no: 'FAULT00004' } });
        expect(String(error)).toContain(`Order FAULT00001 (merchant ${A}): ${words}`);
        expect(String(error)).toContain('WeChat Pay has not seen the request; it is as it was.');
        expect(inspect([error, v2Error], { depth: 20, showHidden: true, getters: true })).not.toContain(canary);
        expect(JSON.stringify([error, v2Error])).not.toContain(canary);
        expect(emulator.requests).toHaveLength(2);
      },
    ),
  );

  it('does not stay at fault: the next call asks again', () =>
    withShop({ merchantSource: TableSource }, async ({ service }) => {
      table.clear();
      table.set(A, { mchid: A, apiV2: { key: canary.slice(1) } });
      place(A, 'MENDED0001');
      const request = { out_trade_no: 'MENDED0001', mchid: A };
      expect(await ending(service.direct(request))).toMatchObject({ reason: 'merchant' });
      fillTable();
      expect(await ending(service.direct(request))).toMatchObject({ state: 'CLOSED' });
    }));
});

describe('keys that change while the application runs', () => {
  const request = { out_trade_no: 'ROTATE0001', mchid: A };
  const v2Request = { out_trade_no: 'ROTATE0001', mch_id: A };

  it.each([
    [
      'the APIv3 private key',
      () => withPrivateKey(A, STRANGER),
      (service: CloseOrderService) => service.direct(request),
    ],
    ['the APIv2 key', () => withV2Key(A, WRONG_V2_KEY), (service: CloseOrderService) => service.v2(v2Request)],
  ])('%s: the next call after invalidation signs with the new one', (_, wrong, call) =>
    withShop({ merchantSource: TableSource }, async ({ service, merchants }) => {
      for (const invalidate of [() => merchants.invalidate(A), () => merchants.invalidateAll()]) {
        table.set(A, wrong());
        invalidate();
        place(A, 'ROTATE0001');
        expect(await ending(call(service))).toMatchObject({ name: 'RequestRefusedError' });
        table.set(A, optionsOf(A));
        expect(await ending(call(service))).toMatchObject({ name: 'RequestRefusedError' });
        invalidate();
        expect(await ending(call(service))).toMatchObject({ state: 'CLOSED' });
        emulator.reset();
      }
      expect(asked).toHaveLength(4);
    }),
  );

  it('the lifetime is over: the next call signs with the new one', () =>
    withShop({ merchantSource: TableSource, merchantCache: { ttlMs: 60_000 } }, async ({ service }) => {
      table.set(A, withPrivateKey(A, STRANGER));
      place(A, 'ROTATE0001');
      expect(await ending(service.direct(request))).toMatchObject({ name: 'RequestRefusedError' });
      table.set(A, optionsOf(A));
      emulator.clock.advance(50_000);
      expect(await ending(service.direct(request))).toMatchObject({ name: 'RequestRefusedError' });
      emulator.clock.advance(10_000);
      expect(await ending(service.direct(request))).toMatchObject({ state: 'CLOSED' });
    }));

  it('the APIv3 key: the next call has the new one', async () => {
    const { MerchantDirectory } = await import('../../lib/merchants/merchant.directory.js');
    await withShop({ merchantSource: TableSource }, async ({ app, service, merchants }) => {
      const directory = app.get(MerchantDirectory, { strict: false });
      table.set(A, optionsOf(A));
      await ending(service.direct(request));
      const before = directory.find(A);
      merchants.invalidate(A);
      await ending(service.direct(request));
      expect(directory.find(A)).toBeDefined();
      expect(directory.find(A)).not.toBe(before);
    });
  });

  it.each(['direct', 'v2'] as const)(
    'a %s that is under way retries and asks with the keys that it began with, and an equal one that begins meanwhile does not join it',
    (method) =>
      withShop(
        { merchantSource: TableSource, confirm: 'always', retry: { attempts: 3, baseMs: 1, maxMs: 2 } },
        async ({ service, merchants }) => {
          table.set(A, optionsOf(A));
          place(A, 'ROTATE0001');
          const call = () => (method === 'v2' ? service.v2(v2Request) : service.direct(request));
          let release = () => {};
          const held = new Promise<void>((resolve) => (release = resolve));
          let replies = 0;
          emulator.afterSigning(async () => {
            const isFirst = ++replies === 1;
            if (isFirst) await held;
            return isFirst ? 'drop' : undefined;
          });
          const before = ending(call());
          await until(() => emulator.requests.length === 1);
          table.set(A, method === 'v2' ? withV2Key(A, WRONG_V2_KEY) : withPrivateKey(A, STRANGER));
          merchants.invalidate(A);
          expect(await ending(call())).toMatchObject({ name: 'RequestRefusedError' });
          const refused = emulator.requests.filter(({ verdict }) => verdict === 'refused').length;
          expect(refused).toBeGreaterThan(0);
          release();
          expect(await before).toMatchObject({ state: 'CLOSED', confirmedBy: 'query', attempts: 3 });
          expect(emulator.requests.filter(({ verdict }) => verdict === 'refused')).toHaveLength(refused);
        },
      ),
  );

  it('a settlement that is under way ends with the keys that it began with', () =>
    withShop({ merchantSource: TableSource }, async ({ service, merchants }) => {
      table.set(A, optionsOf(A));
      place(A, 'ROTATE0001');
      let replies = 0;
      emulator.afterSigning(() => {
        if (++replies > 1) return undefined;
        table.set(A, withPrivateKey(A, STRANGER));
        merchants.invalidateAll();
        return 'drop';
      });
      expect(await ending(service.settle(directVariant, request))).toMatchObject({ state: 'CLOSED' });
      expect(await ending(service.query(directVariant, request))).toMatchObject({ name: 'RequestRefusedError' });
    }));

  it("a close that waits for its order's age begins with the keys of that moment", () =>
    withShop({ merchantSource: TableSource }, async ({ service, merchants }) => {
      table.set(A, withV2Key(A, WRONG_V2_KEY));
      place(A, 'ROTATE0001');
      const createdAt = emulator.clock.now() - (v2Variant.minimumAge?.ms ?? 0) + 100;
      const end = ending(service.close(v2Variant, v2Request, { createdAt, tooYoung: 'wait' }));
      await until(() => asked.length === 1);
      await new Promise(setImmediate);
      table.set(A, optionsOf(A));
      merchants.invalidate(A);
      expect(await end).toMatchObject({ state: 'CLOSED' });
    }));
});

describe('two merchants', () => {
  it('never sign for each other, listed or found, in either API, whatever runs at once', () =>
    withShop({ merchants: [optionsOf(A)], merchantSource: TableSource }, async ({ service, merchants }) => {
      fillTable();
      const orders = Array.from({ length: 64 }, (_, index) => ({
        mchid: NUMBERS[index % NUMBERS.length] ?? A,
        out_trade_no: `CROSS${String(index).padStart(5, '0')}`,
        isV2: index % 3 === 0,
      }));
      for (const { mchid, out_trade_no } of orders) place(mchid, out_trade_no);
      const ends = await Promise.all(
        orders.map(({ mchid, out_trade_no, isV2 }, index) => {
          if (index % 16 === 8) merchants.invalidateAll();
          return ending(isV2 ? service.v2({ out_trade_no, mch_id: mchid }) : service.direct({ out_trade_no, mchid }));
        }),
      );
      expect(ends).toEqual(
        orders.map(({ mchid, out_trade_no }) =>
          expect.objectContaining({ state: 'CLOSED', order: { mchid, out_trade_no } }),
        ),
      );
      // The emulator checks each signature with the key of the merchant that the request names, and its serial number.
      expect(emulator.requests.every(({ verdict }) => verdict === 'verified')).toBe(true);
      const serials = new Map(emulator.credentials.merchants.map(({ mchid, serialNo }) => [mchid, serialNo]));
      for (const { headers, body } of emulator.requests) {
        const authorization = headers.find(([name]) => name === 'Authorization')?.[1];
        if (authorization === undefined) continue;
        const mchid = /mchid="(\d+)"/.exec(authorization)?.[1] ?? '';
        expect(JSON.parse(body.toString())).toEqual({ mchid });
        expect(authorization).toContain(`serial_no="${serials.get(mchid)}"`);
      }
    }));

  // A 204 names neither an order nor a merchant, so what the key signed for one must not be believed by the other.
  it('a reply that was signed for one is not believed by the other, though the same key signs for both', () =>
    withShop({ merchantSource: TableSource }, async ({ service }) => {
      fillTable();
      const [first, second] = [place(A, 'ACROSS0001'), place(B, 'ACROSS0002')];
      let recorded: EmulatorReply | undefined;
      emulator.afterSigning((reply) => {
        if (recorded === undefined) {
          recorded = reply;
          return undefined;
        }
        return recorded;
      });
      expect(await ending(service.direct({ out_trade_no: 'ACROSS0001', mchid: A }))).toMatchObject({ state: 'CLOSED' });
      emulator.pay(second);
      expect(await ending(service.direct({ out_trade_no: 'ACROSS0002', mchid: B }))).toMatchObject({
        name: 'OutcomeUnknownError',
        reason: 'replay',
      });
      expect([first.state, second.state]).toEqual(['CLOSED', 'SUCCESS']);
    }));

  it('an APIv2 reply to one is not believed by the other', () =>
    withShop({ merchantSource: TableSource }, async ({ service }) => {
      fillTable();
      const sameKey = emulator.credentials.merchants.find(({ mchid }) => mchid === A)?.apiV2Key ?? '';
      expect(sameKey).not.toBe(emulator.credentials.merchants.find(({ mchid }) => mchid === B)?.apiV2Key);
      place(A, 'ACROSS0003');
      place(B, 'ACROSS0004');
      let recorded: EmulatorReply | undefined;
      emulator.afterSigning((reply) => recorded ?? ((recorded = reply), undefined));
      expect(await ending(service.v2({ out_trade_no: 'ACROSS0003', mch_id: A }))).toMatchObject({ state: 'CLOSED' });
      expect(await ending(service.v2({ out_trade_no: 'ACROSS0004', mch_id: B }))).toMatchObject({
        name: 'OutcomeUnknownError',
        reason: 'signature',
      });
    }));
});

it('an emulator in place of the options closes orders of an application with a source', async () => {
  const module = await Test.createTestingModule({
    imports: [WechatPayModule.forRoot({ merchantSource: TableSource })],
  })
    .overrideProvider(WECHAT_PAY_MODULE_OPTIONS)
    .useValue(emulator.options())
    .compile();
  const app = await module.init();
  place(B, 'OVERRIDE01');
  const end = await ending(app.get(CloseOrderService).direct({ out_trade_no: 'OVERRIDE01', mchid: B }));
  expect(end).toMatchObject({ state: 'CLOSED' });
  expect(asked).toEqual([]);
  await app.close();
});
