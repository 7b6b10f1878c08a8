import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PlatformKeyUsage, type WechatPayModuleOptions } from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { ending, keys, openShop, type TestShop } from '../support/test-shop.js';

const DAY_MS = 86_400_000;
const CLOSED = { state: 'CLOSED', confirmedBy: 'reply' };
const words: string[] = [];
let shop: TestShop;
let orders = 0;

/** Options of a shop that believes the public key, and downloads certificates beside it. */
async function migrating(): Promise<Pick<WechatPayModuleOptions, 'merchants'>> {
  const model = await WechatPayEmulator.start({ keys });
  const [merchant] = model.options('publicKey').merchants;
  await model.stop();
  if (merchant?.apiV3 === undefined) throw new Error('the emulator has no merchant');
  return { merchants: [{ ...merchant, apiV3: { ...merchant.apiV3, downloadCertificates: true } }] };
}

async function open(change: Partial<WechatPayModuleOptions> = {}): Promise<void> {
  shop = await openShop(change);
  const keep = (message: unknown) => void words.push(String(message));
  Logger.overrideLogger({ log: keep, error: keep, warn: keep });
}

beforeEach(() => {
  words.length = 0;
});
afterEach(async () => {
  await shop.close();
  Logger.overrideLogger(['error', 'warn', 'log']);
});

async function close(): Promise<unknown> {
  const out_trade_no = `USED${String(++orders).padStart(6, '0')}`;
  shop.emulator.place({ out_trade_no });
  return ending(shop.service.direct({ out_trade_no }));
}

const counted = () =>
  shop.app
    .get(PlatformKeyUsage, { strict: false })
    .counts()
    .map(({ serial, kind, replies }) => [serial, kind, replies]);
const asked = () =>
  new Set(
    shop.emulator.requests
      .filter(({ url }) => url.endsWith('/close'))
      .map(({ headers }) => headers.find(([name]) => name === 'Wechatpay-Serial')?.[1]),
  );

describe('public keys and certificates side by side', () => {
  it.each([
    ['given', () => Promise.resolve({})],
    ['downloaded', migrating],
  ])('carry a merchant from one to the other, with certificates that are %s', async (_, options) => {
    await open(await options());
    const { emulator } = shop;
    emulator.publicKeyStage = 'notStarted';
    for (let count = 0; count < 3; count++) expect(await close()).toMatchObject(CLOSED);
    expect(counted()).toEqual([[keys.platform.serial, 'certificate', 3]]);
    emulator.publicKeyStage = 'started';
    for (let count = 0; count < 2; count++) expect(await close()).toMatchObject(CLOSED);
    emulator.publicKeyStage = 'finished';
    for (let count = 0; count < 2; count++) expect(await close()).toMatchObject(CLOSED);
    expect(counted()).toEqual([
      [keys.platform.serial, 'certificate', 3],
      [keys.publicKey.serial, 'publicKey', 4],
    ]);
    expect(asked()).toEqual(new Set([keys.publicKey.serial]));
  });

  it('count nothing that is not verified, and not the same reply twice', async () => {
    await open();
    shop.emulator.faults.add({ kind: 'wrongSignature', when: { times: 2 } });
    await close();
    await close();
    expect(counted()).toEqual([]);
    await close();
    shop.emulator.faults.add({ kind: 'replay' });
    expect(await close()).toMatchObject({ reason: 'replay' });
    expect(counted()).toEqual([[keys.publicKey.serial, 'publicKey', 1]]);
  });

  it('a merchant with the public key alone does not believe certificates, and asks for none', async () => {
    const model = await WechatPayEmulator.start({ keys });
    const { merchants } = model.options('publicKey');
    await model.stop();
    await open({ merchants });
    shop.emulator.publicKeyStage = 'notStarted';
    expect(await close()).toMatchObject({ reason: 'serial', message: expect.stringContaining(keys.platform.serial) });
    expect(shop.emulator.requests).toHaveLength(1);
  });
});

describe('the end of a migration', () => {
  const told = () => words.filter((line) => line.includes('no reply has been signed with a platform certificate'));

  it('is told once no certificate has signed for a week, and again after one has', async () => {
    await open();
    const { emulator } = shop;
    emulator.publicKeyStage = 'notStarted';
    await close();
    const lastAt = emulator.clock.now();
    emulator.publicKeyStage = 'started';
    await close();
    emulator.clock.advance(6.9 * DAY_MS);
    await close();
    expect(told()).toEqual([]);
    emulator.clock.advance(0.2 * DAY_MS);
    await close();
    await close();
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain('Merchant 1900000109:');
    expect(told()[0]).toContain(new Date(lastAt).toISOString().slice(0, 13));
    expect(told()[0]).toContain('has signed 3 since');
    emulator.publicKeyStage = 'notStarted';
    await close();
    emulator.publicKeyStage = 'started';
    emulator.clock.advance(7.1 * DAY_MS);
    await close();
    expect(told()).toHaveLength(2);
  });

  it('is told a week after the first reply where no certificate ever signs', async () => {
    await open();
    await close();
    shop.emulator.clock.advance(7 * DAY_MS);
    await close();
    expect(told()).toHaveLength(1);
  });

  it('is not told to a merchant that holds one kind alone', async () => {
    const model = await WechatPayEmulator.start({ keys });
    const { merchants } = model.options('publicKey');
    await model.stop();
    await open({ merchants });
    await close();
    shop.emulator.clock.advance(8 * DAY_MS);
    await close();
    expect(told()).toEqual([]);
  });
});
