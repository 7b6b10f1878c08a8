import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { ending, ONE_TRY, openShop, type TestShop } from '../support/test-shop.js';
import { openRelay, type Relay } from '../support/relay.js';

const numbers = Array.from({ length: 10 }, (_, index) => `DEADCONN0${index}`);
let home: TestShop;
let relay: Relay | undefined;
let shop: TestShop | undefined;

beforeAll(async () => {
  home = await openShop();
});
afterEach(async () => {
  home.emulator.reset();
  await shop?.close();
  await relay?.close();
});
afterAll(() => home.close());

/** A shop behind a relay, whose requests one emulator hears. */
async function openBehind(onRequest: (nth: number, relay: Relay) => boolean): Promise<TestShop> {
  relay = await openRelay(home.emulator.url, onRequest);
  shop = await openShop({ ...home.emulator.options('both'), ...ONE_TRY, hosts: { mainland: relay.origin } });
  return shop;
}

const signatures = () =>
  home.emulator.requests.map(({ headers }) => headers.find(([name]) => name === 'Authorization')?.[1]);

describe('a kept connection that is dead', () => {
  it('costs no attempt: the request is signed afresh and sent once more, on a new connection', async () => {
    // Every connection is cut at its second request, so a second idle one would be of no use either.
    const { service } = await openBehind((nth) => nth === 1);
    for (const out_trade_no of numbers) home.emulator.place({ out_trade_no });
    const first = await Promise.all(numbers.slice(1).map((out_trade_no) => ending(service.direct({ out_trade_no }))));
    expect(first).toEqual(numbers.slice(1).map(() => expect.objectContaining({ state: 'CLOSED' })));
    const before = relay?.accepted ?? 0;
    expect(before).toBeGreaterThan(1);
    const out_trade_no = numbers[0] ?? '';
    expect(await ending(service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED', attempts: 1 });
    expect(relay?.accepted).toBe(before + 1);
    expect(home.emulator.requests).toHaveLength(numbers.length);
    expect(new Set(signatures()).size).toBe(numbers.length);
  });

  it('is not taken for one when it is new', async () => {
    const { service } = await openBehind(() => false);
    expect(await ending(service.direct({ out_trade_no: 'DEADCONN11' }))).toMatchObject({
      phase: 'sent',
      reason: 'reset',
      attempts: 1,
    });
    expect(relay?.accepted).toBe(1);
  });

  it('may have carried the request all the same, so that a second try that is not sent changes nothing', async () => {
    const { service } = await openBehind((nth, opened) => {
      if (nth === 1) return true;
      opened.stopListening();
      return false;
    });
    await ending(service.direct({ out_trade_no: 'DEADCONN12' }));
    const error = await ending(service.direct({ out_trade_no: 'DEADCONN12' }));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'sent', reason: 'connect', attempts: 1 });
    expect(String(error)).not.toContain('has not seen');
  });
});
