import { expect, it } from '@jest/globals';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import fc from 'fast-check';
import {
  CloseOrderService,
  WechatPayConfigurationError,
  WechatPayModule,
  type WechatPayModuleOptions,
  type WechatPayOptionsFactory,
} from 'nestjs-wechatpay';

import { certificate, rsaPair } from '../support/keys.js';
import { hostile, junk, type Replacement, replaced } from './junk-options.js';
import { PATIENCE_MS, runs } from './runs.js';

const own = rsaPair();
const platform = rsaPair();
const RIGHT = {
  merchants: [
    {
      mchid: '1900000109',
      appid: 'wx8888888888888888',
      apiV2: { key: '0123456789abcdef0123456789ABCDEF', signType: 'MD5' },
      apiV3: {
        serialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
        privateKey: own.privatePem,
        publicKeys: { PUB_KEY_ID_01: platform.publicPem },
        certificates: [certificate(platform, '03757B6CA12B9D3A2C8E0A1F3E45BB12FA9E0D11')],
        apiV3Key: '0123456789abcdef0123456789ABCDEF',
        scheme: 'WECHATPAY2-SHA256-RSA2048',
      },
    },
    { mchid: '1900000110', apiV2: { key: '0123456789abcdef0123456789ABCDEF' } },
  ],
  hosts: { mainland: 'https://api.mch.weixin.qq.com', overseas: 'https://apihk.mch.weixin.qq.com' },
  allowOtherHosts: false,
  timeouts: { connectMs: 1, attemptMs: 2, totalMs: 3 },
  retry: { attempts: 1, baseMs: 0, maxMs: 0 },
  confirm: 'always',
};

const at = fc.array(fc.nat(50), { minLength: 1, maxLength: 6 });
const replacements = (put: fc.Arbitrary<unknown>) => fc.array(fc.record({ at, put }), { minLength: 1, maxLength: 3 });
const spoilt = (all: readonly Replacement[]) => all.reduce<unknown>(replaced, RIGHT);
/** Options that are right but for one to three places, or no options at all. */
const options = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ value: RIGHT, isHostile: false }) },
  { weight: 9, arbitrary: replacements(junk).map((all) => ({ value: spoilt(all), isHostile: false })) },
  { weight: 1, arbitrary: replacements(hostile).map((all) => ({ value: spoilt(all), isHostile: true })) },
  { weight: 1, arbitrary: junk.map((value) => ({ value, isHostile: false })) },
);

/** Every way to give the options. */
const WAYS: Readonly<Record<string, (given: unknown) => DynamicModule>> = {
  useFactory: (given) => WechatPayModule.forRootAsync({ useFactory: () => given as WechatPayModuleOptions }),
  'useFactory that waits': (given) =>
    WechatPayModule.forRootAsync({ useFactory: () => Promise.resolve(given as WechatPayModuleOptions) }),
  useClass: (given) => WechatPayModule.forRootAsync({ useClass: factoryOf(given) }),
  useExisting: (given) => {
    const factory = factoryOf(given);
    @Module({ providers: [factory], exports: [factory] })
    class Holder {}
    return WechatPayModule.forRootAsync({ imports: [Holder], useExisting: factory });
  },
  forRoot: (given) => WechatPayModule.forRoot(given as WechatPayModuleOptions),
};

function factoryOf(given: unknown) {
  @Injectable()
  class Factory implements WechatPayOptionsFactory {
    createWechatPayOptions(): WechatPayModuleOptions {
      return given as WechatPayModuleOptions;
    }
  }
  return Factory;
}

async function start(module: () => DynamicModule): Promise<unknown> {
  try {
    const app = await Test.createTestingModule({ imports: [module()] }).compile();
    expect(app.get(CloseOrderService)).toBeInstanceOf(CloseOrderService);
    await app.close();
    return 'started';
  } catch (error) {
    return error;
  }
}

it.each(Object.keys(WAYS))(
  'whatever is given by %s, the module starts or says which option to mend',
  async (way) => {
    const ends = { started: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(options, async ({ value, isHostile }) => {
        const end = await start(() => WAYS[way]?.(value) as DynamicModule);
        if (end === 'started') {
          ends.started++;
          return;
        }
        expect(end).toBeInstanceOf(WechatPayConfigurationError);
        expect((end as WechatPayConfigurationError).issues.length).toBeGreaterThan(0);
        // Each option is looked at with care; only what throws by itself cannot be read.
        if (!isHostile) expect((end as WechatPayConfigurationError).message).not.toContain('cannot be read:');
        ends.refused++;
      }),
      runs(80),
    );
    expect(Math.min(ends.started, ends.refused)).toBeGreaterThan(2);
  },
  PATIENCE_MS,
);
