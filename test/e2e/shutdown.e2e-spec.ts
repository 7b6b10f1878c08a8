import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { directVariant } from 'nestjs-wechatpay';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const out_trade_no = 'GRACE00001';
const now = () => performance.now();
let shop: TestShop;
let release = () => {};

beforeEach(async () => {
  shop = await openShop({ confirm: 'onDoubt', retry: { attempts: 3, baseMs: 1, maxMs: 2 } });
  shop.emulator.place({ out_trade_no });
  release = () => {};
});
afterEach(() => shop.close());

/** Holds the replies back until `release` is called. */
function holdReplies(): void {
  const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
  shop.emulator.afterSigning(() => held);
}

const requests = (count: number) => until(() => shop.emulator.requests.length >= count);

describe('at shutdown', () => {
  it('a close that is under way may still end as closed, and shutdown does not wait longer than that', async () => {
    holdReplies();
    const end = ending(shop.service.direct({ out_trade_no }));
    await requests(1);
    const begun = now();
    const closed = shop.app.close();
    await new Promise((resolve) => setTimeout(resolve, 30));
    release();
    expect(await end).toMatchObject({ state: 'CLOSED', confirmedBy: 'reply' });
    await closed;
    expect(now() - begun).toBeLessThan(4_000);
  });

  it('a close may retry and ask within the grace', async () => {
    let replies = 0;
    holdReplies();
    shop.emulator.afterSigning(() => (++replies <= 3 ? 'drop' : undefined));
    const end = ending(shop.service.direct({ out_trade_no }));
    await requests(1);
    const closed = shop.app.close();
    release();
    expect(await end).toMatchObject({ state: 'CLOSED', confirmedBy: 'query' });
    await closed;
  });

  it('no call begins any more', async () => {
    holdReplies();
    const running = ending(shop.service.direct({ out_trade_no }));
    await requests(1);
    const closed = shop.app.close();
    await new Promise((resolve) => setTimeout(resolve, 10));
    for (const call of [
      shop.service.direct({ out_trade_no: 'GRACE00002' }),
      shop.service.query(directVariant, { out_trade_no }),
      shop.service.settle(directVariant, { out_trade_no }),
    ]) {
      expect(await ending(call)).toMatchObject({ name: 'OutcomeUnknownError', reason: 'shutdown' });
    }
    expect(shop.emulator.requests).toHaveLength(1);
    release();
    await running;
    await closed;
  });

  it('a close that waits for its order to grow older ends at once, unsent', async () => {
    const createdAt = shop.emulator.clock.now();
    const end = ending(shop.service.v2({ out_trade_no }, { createdAt, tooYoung: 'wait' }));
    const begun = now();
    await shop.app.close();
    expect(await end).toMatchObject({ phase: 'notSent', reason: 'shutdown' });
    expect(now() - begun).toBeLessThan(4_000);
  });

  it('settling stops between two rounds, and says what it last met', async () => {
    shop.emulator.startPaying(out_trade_no);
    const end = ending(shop.service.settle(directVariant, { out_trade_no }));
    await requests(2);
    const begun = now();
    await shop.app.close();
    expect(await end).toMatchObject({ name: 'PaymentInProgressError' });
    expect(now() - begun).toBeLessThan(4_000);
  });

  it('closing the application twice is harmless', async () => {
    await Promise.all([shop.app.close(), shop.app.close()]);
    await shop.app.close();
  });
});
