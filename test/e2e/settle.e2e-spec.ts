import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  combineVariant,
  directVariant,
  hkByOutTradeNoVariant,
  OrderNotFoundError,
  OrderTooYoungError,
  PaymentInProgressError,
  v2Variant,
  WECHAT_PAY_SCHEDULER,
  WechatPayModule,
  CloseOrderService,
} from 'nestjs-wechatpay';
import { Test } from '@nestjs/testing';
import { VirtualTimeScheduler } from 'rxjs';

import { ending, ONE_TRY, openShop, type TestShop } from '../support/test-shop.js';

const out_trade_no = 'SETTLE0001';
let shop: TestShop;
beforeAll(async () => {
  shop = await openShop({ retry: { attempts: 1, baseMs: 1, maxMs: 1 } });
});
afterEach(() => {
  shop.emulator.reset();
  shop.clock.stoppedAt = undefined;
});
afterAll(() => shop.close());

describe('settle', () => {
  it.each([
    ['direct', directVariant],
    ['v2', v2Variant],
  ] as const)('ends an open order as CLOSED, confirmed by a query: %s', async (_, variant) => {
    shop.emulator.place({ out_trade_no });
    const settled = await ending(
      variant === v2Variant
        ? shop.service.settle(v2Variant, { out_trade_no })
        : shop.service.settle(directVariant, { out_trade_no }),
    );
    expect(settled).toMatchObject({ state: 'CLOSED', confirmedBy: 'query' });
  });

  it('ends a paid order as PAID, with the transaction', async () => {
    shop.emulator.pay(shop.emulator.place({ out_trade_no }));
    expect(await ending(shop.service.settle(directVariant, { out_trade_no }))).toMatchObject({
      state: 'PAID',
      variant: 'direct',
      order: { out_trade_no },
      transaction: { state: 'SUCCESS', transaction_id: expect.any(String) },
    });
  });

  it('does not take an order as paid on the word of a code alone, which names no order', async () => {
    shop.emulator.pay(shop.emulator.place({ out_trade_no }));
    shop.emulator.afterSigning((reply, { request }) => (request.method === 'GET' ? 'drop' : reply));
    const settled = await ending(shop.service.settle(directVariant, { out_trade_no }, { withinMs: 200 }));
    expect(settled).toMatchObject({ name: 'OutcomeUnknownError' });
  });

  it('may be called twice, and twice at once', async () => {
    shop.emulator.place({ out_trade_no });
    const settle = () => ending(shop.service.settle(directVariant, { out_trade_no }));
    const ends = [...(await Promise.all([settle(), settle()])), await settle()];
    expect(ends.map((end) => (end as { state: string }).state)).toEqual(['CLOSED', 'CLOSED', 'CLOSED']);
  });

  it('ends at once where asking again changes nothing', async () => {
    expect(await ending(shop.service.settle(directVariant, { out_trade_no }))).toBeInstanceOf(OrderNotFoundError);
    expect(
      await ending(
        shop.service.settle(combineVariant, { combine_out_trade_no: '1', combine_appid: 'wx1', sub_orders: [] }),
      ),
    ).toMatchObject({ name: 'InvalidRequestError' });
  });

  it('asks on while the buyer pays, and gives up with what it last heard', async () => {
    shop.emulator.startPaying(shop.emulator.place({ out_trade_no }));
    const error = await ending(shop.service.settle(directVariant, { out_trade_no }, { withinMs: 60 }));
    expect(error).toBeInstanceOf(PaymentInProgressError);
  });

  it('asks on until the buyer has paid', async () => {
    const order = shop.emulator.startPaying(shop.emulator.place({ out_trade_no }));
    let asked = 0;
    shop.emulator.afterSigning(() => void (++asked === 3 && shop.emulator.pay(order)));
    expect(await ending(shop.service.settle(directVariant, { out_trade_no }))).toMatchObject({ state: 'PAID' });
    expect(asked).toBeGreaterThan(3);
  }, 15_000);
});

describe('createdAt', () => {
  const now = Date.parse('2026-11-22T00:00:00Z');
  const closableAt = new Date(now + 60_000);
  const young = { createdAt: new Date(now - 4 * 60_000) };

  it('keeps an APIv2 close from being sent before 5 minutes have passed', async () => {
    shop.clock.stoppedAt = now;
    const error = await ending(shop.service.v2({ out_trade_no }, young));
    expect(error).toBeInstanceOf(OrderTooYoungError);
    expect(error).toMatchObject({
      outcome: 'not_sent',
      closableAt,
      retryable: true,
      attempts: 0,
      order: { out_trade_no },
    });
    expect(String(error)).toContain('close it from 2026-11-22T00:01:00.000Z on');
    expect(shop.emulator.requests).toHaveLength(0);
  });

  it.each([
    ['at 5 minutes', { createdAt: now - 5 * 60_000 }],
    ['where it is to be ignored', { ...young, tooYoung: 'ignore' } as const],
    ['where it is not known', {}],
  ])('lets an APIv2 close go %s', async (_, options) => {
    shop.clock.stoppedAt = now;
    await ending(shop.service.v2({ out_trade_no }, options));
    expect(shop.emulator.requests).toHaveLength(1);
  });

  it('is advice for APIv3, which may be made a rule', async () => {
    shop.emulator.place({ out_trade_no });
    const created = { createdAt: Date.now() - 1_000 };
    expect(await ending(shop.service.direct({ out_trade_no }, created))).toMatchObject({ state: 'CLOSED' });
    expect(await ending(shop.service.direct({ out_trade_no }, { ...created, tooYoung: 'reject' }))).toBeInstanceOf(
      OrderTooYoungError,
    );
    expect(
      await ending(shop.service.settle(hkByOutTradeNoVariant, { out_trade_no }, { ...created, tooYoung: 'reject' })),
    ).toBeInstanceOf(OrderTooYoungError);
  });

  it('may make a close wait, which can be unsubscribed from', async () => {
    const scheduler = new VirtualTimeScheduler();
    const module = await Test.createTestingModule({
      imports: [WechatPayModule.forRoot({ ...shop.emulator.options(), ...ONE_TRY })],
    })
      .overrideProvider(WECHAT_PAY_SCHEDULER)
      .useValue(scheduler)
      .compile();
    const service = module.get(CloseOrderService);
    const options = { createdAt: Date.now(), tooYoung: 'wait' } as const;
    service.v2({ out_trade_no }, options).subscribe().unsubscribe();
    scheduler.flush();
    expect(scheduler.frame).toBe(0);
    const waiting = service.v2({ out_trade_no }, options).subscribe({ error: () => {} });
    scheduler.flush();
    expect(scheduler.frame).toBeGreaterThan(299_000);
    waiting.unsubscribe();
    await module.close();
  });
});
