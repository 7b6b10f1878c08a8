import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { directVariant, OrderPaidError, v2Variant } from 'nestjs-wechatpay';
import type { EmulatorOrder, EmulatorReply } from 'nestjs-wechatpay/emulator';

import { RetryBudget } from '../../lib/close-order/retry-budget.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';

const out_trade_no = 'MODEL00001';
let shop: TestShop;
const open = () => openShop({ confirm: 'onDoubt', retry: { attempts: 2, baseMs: 0, maxMs: 0 } });
beforeAll(async () => {
  shop = await open();
});
afterAll(() => shop.close());

type Spoil = (reply: EmulatorReply) => EmulatorReply | 'drop';
const SPOILS: Record<string, Spoil> = {
  lost: () => 'drop',
  unsigned: (reply) => ({ ...reply, headers: reply.headers.filter(([name]) => !/^wechatpay-/i.test(name)) }),
  html: (reply) => ({ ...reply, status: 502, headers: [], body: Buffer.from('<html></html>') }),
  changed: (reply) => ({
    ...reply,
    body: Buffer.from(reply.body.toString().replace('SUCCESS', 'CLOSED').replace('PAID', 'CLOSED')),
  }),
};

const buyer = fc.constantFrom('pay', 'refund', 'startPaying' as const);
const shopkeeper = fc.constantFrom('close', 'closeV2', 'closeTwice', 'closeAlways', 'query', 'settle');
const step = fc.oneof(
  { weight: 2, arbitrary: buyer },
  { weight: 5, arbitrary: shopkeeper },
  {
    weight: 3,
    arbitrary: fc.record({ spoil: fc.constantFrom(...Object.keys(SPOILS)), times: fc.integer({ min: 1, max: 6 }) }),
  },
);

/** What must be so of every ending, whatever happened before: we say only what WeChat Pay knows. */
function holds(end: unknown, { state }: EmulatorOrder): void {
  const said = end instanceof OrderPaidError ? 'PAID' : (end as { state?: string }).state;
  if (said === 'CLOSED') expect(state).toBe('CLOSED');
  if (said === 'PAID' || said === 'SUCCESS') expect(['SUCCESS', 'REFUND']).toContain(state);
  if (said === 'NOTPAY') expect(state).toBe('NOTPAY');
}

async function act(action: string, order: EmulatorOrder): Promise<unknown[]> {
  const { service, emulator } = shop;
  switch (action) {
    case 'close':
      return [await ending(service.direct({ out_trade_no }))];
    case 'closeV2':
      return [await ending(service.v2({ out_trade_no }))];
    case 'closeAlways':
      return [await ending(service.direct({ out_trade_no }, { confirm: 'always' }))];
    case 'closeTwice':
      return Promise.all([ending(service.direct({ out_trade_no })), ending(service.v2({ out_trade_no }))]);
    case 'query':
      return [
        await ending(service.query(directVariant, { out_trade_no })),
        await ending(service.query(v2Variant, { out_trade_no })),
      ];
    case 'settle':
      return [await ending(service.settle(directVariant, { out_trade_no }, { withinMs: 20 }))];
    default:
      try {
        emulator[action as 'pay' | 'refund' | 'startPaying'](order);
      } catch {
        // The buyer cannot do that in this state.
      }
      return [];
  }
}

it('whatever the buyer, the network and the shop do, we say closed and paid only of orders that are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      shop.emulator.reset();
      const budget = shop.app.get(RetryBudget, { strict: false });
      for (let count = 0; count < 100; count++) budget.earn('mainland');
      const order = shop.emulator.place({ out_trade_no });
      let final: string | undefined;
      for (const next of steps) {
        if (typeof next === 'object') {
          let left = next.times;
          shop.emulator.afterSigning((reply) => (left-- > 0 ? SPOILS[next.spoil]?.(reply) : undefined));
          continue;
        }
        for (const end of await act(next, order)) holds(end, order);
        // A final state stays.
        if (final !== undefined) expect(order.state).toBe(final);
        if (order.state === 'CLOSED' || order.state === 'REFUND') final = order.state;
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);
