import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { CLOSE_CASES } from '../support/close-cases.js';
import { ending, keys, ONE_TRY, openShop, type TestShop } from '../support/test-shop.js';
import { openRelay, type Relay } from '../support/relay.js';

const QUICK = { attempts: 3, baseMs: 1, maxMs: 2 };
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';
let home: TestShop;
let shop: TestShop | undefined;
let relay: Relay | undefined;
let numbers = 0;
const newNumber = () => `FAILOVER${String(++numbers).padStart(4, '0')}`;

beforeAll(async () => {
  Logger.overrideLogger(false);
  home = await openShop();
});
afterEach(async () => {
  await shop?.close();
  await relay?.close();
  home.emulator.reset();
});
afterAll(async () => {
  await home.close();
  Logger.overrideLogger(['error', 'warn', 'log']);
});

/** A shop with a usual host of the test's choice; its backup is the emulator. */
async function openWith(usual: string, options: Parameters<typeof openShop>[0] = {}): Promise<TestShop> {
  const url = home.emulator.url;
  shop = await openShop({
    ...home.emulator.options('both'),
    retry: QUICK,
    hosts: { mainland: usual, overseas: usual },
    failover: { mainland: url, overseas: url },
    ...options,
  });
  return shop;
}

describe('with failover', () => {
  it.each(CLOSE_CASES)(
    '$name: a retry after a failed connection goes to the backup, and is signed for it',
    async (variant) => {
      const { service } = await openWith(NOWHERE);
      const number = newNumber();
      variant.place(home.emulator, number);
      expect(await ending(variant.close(service, number, home.emulator))).toMatchObject({
        state: 'CLOSED',
        attempts: 2,
      });
      expect(home.emulator.requests.map(({ verdict }) => verdict)).toEqual(['verified']);
    },
  );

  it('each attempt is signed afresh', async () => {
    relay = await openRelay(home.emulator.url);
    const { service } = await openWith(relay.origin);
    home.emulator.faults.add({ kind: 'reset', at: 'insideHeaders', when: { times: 1 } });
    const out_trade_no = newNumber();
    home.emulator.place({ out_trade_no });
    expect(await ending(service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED', attempts: 2 });
    const authorizations = home.emulator.requests.map(
      ({ headers }) => headers.find(([name]) => name === 'Authorization')?.[1],
    );
    expect(new Set(authorizations).size).toBe(2);
  });

  it('the query about a lost reply goes to the other host', async () => {
    relay = await openRelay(home.emulator.url, () => false);
    const { service } = await openWith(relay.origin, { confirm: 'onDoubt', retry: { attempts: 1 } });
    const out_trade_no = newNumber();
    home.emulator.place({ out_trade_no }).close(home.emulator.clock.now());
    expect(await ending(service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED', confirmedBy: 'query' });
  });

  it('after 5 failed connections all requests go to the backup at once', async () => {
    const { service } = await openWith(NOWHERE, ONE_TRY);
    for (let count = 0; count < 5; count++) {
      expect(await ending(service.direct({ out_trade_no: newNumber() }))).toMatchObject({ reason: 'connect' });
    }
    const out_trade_no = newNumber();
    home.emulator.place({ out_trade_no });
    expect(await ending(service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED', attempts: 1 });
  });

  it('all requests go back when the usual host answers a probe', async () => {
    const usual = await WechatPayEmulator.start({ keys });
    const port = Number(new URL(usual.url).port);
    await usual.stop();
    const { service, clock } = await openWith(`http://127.0.0.1:${port}`, ONE_TRY);
    for (let count = 0; count < 5; count++) await ending(service.direct({ out_trade_no: newNumber() }));
    const back = await WechatPayEmulator.start({ keys, port });
    clock.stoppedAt = home.emulator.clock.now() + 30_000;
    // No order of this number exists there, and that is an answer.
    expect(await ending(service.direct({ out_trade_no: newNumber() }))).toMatchObject({ name: 'OrderNotFoundError' });
    await ending(service.direct({ out_trade_no: newNumber() }));
    expect([back.requests.length, home.emulator.requests.length]).toEqual([2, 0]);
    await shop?.app.close();
    await back.stop();
  });

  it('a wrong signature is no reason to switch', async () => {
    relay = await openRelay(home.emulator.url);
    const { service } = await openWith(relay.origin, ONE_TRY);
    home.emulator.faults.add({ kind: 'wrongSignature' });
    for (let count = 0; count < 25; count++) await ending(service.direct({ out_trade_no: newNumber() }));
    const { accepted } = relay;
    home.emulator.reset();
    await ending(service.direct({ out_trade_no: newNumber() }));
    expect(relay.accepted).toBe(accepted);
  });
});

it('without failover a retry goes to the same host', async () => {
  const { service } = await openWith(NOWHERE, { failover: false });
  expect(await ending(service.direct({ out_trade_no: newNumber() }))).toMatchObject({ reason: 'connect', attempts: 3 });
  expect(home.emulator.requests).toHaveLength(0);
});
