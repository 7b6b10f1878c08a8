import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Confirm, OrderPaidError, type WechatPayError } from 'nestjs-wechatpay';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';

import { RetryBudget } from '../../lib/close-order/retry-budget.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { PATIENCE_MS, runs } from './runs.js';

const out_trade_no = 'CONFIRM001';
let shop: TestShop;
beforeAll(async () => {
  shop = await openShop({ retry: { attempts: 1, baseMs: 0, maxMs: 0 } });
});
afterAll(() => shop.close());

const SPOILS: Readonly<Record<string, (reply: EmulatorReply) => EmulatorReply | 'drop'>> = {
  right: (reply) => reply,
  lost: () => 'drop',
  unsigned: (reply) => ({
    ...reply,
    headers: reply.headers.filter(([name]) => !/^wechatpay-/i.test(name)),
    body: Buffer.from(reply.body.toString().replace(/<sign>.*<\/sign>/, '')),
  }),
  trouble: (reply) => ({ ...reply, status: 502, headers: [], body: Buffer.from('<html></html>') }),
};
const spoil = fc.constantFrom('right', 'right', ...Object.keys(SPOILS));
const isQuery = ({ method, url }: { readonly method: string; readonly url: string }) =>
  method === 'GET' || url === '/pay/orderquery';

it(
  'a query is made exactly where the policy says, and what it says holds',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Confirm>('never', 'onDoubt', 'always'),
        fc.constantFrom('open', 'paid', 'paying', 'absent'),
        fc.constantFrom('direct', 'v2' as const),
        spoil,
        spoil,
        async (confirm, state, variant, close, query) => {
          shop.emulator.reset();
          const budget = shop.app.get(RetryBudget, { strict: false });
          for (let count = 0; count < 100; count++) budget.earn('mainland');
          const order = state === 'absent' ? undefined : shop.emulator.place({ out_trade_no });
          if (state === 'paid') shop.emulator.pay(out_trade_no);
          if (state === 'paying') shop.emulator.startPaying(out_trade_no);
          shop.emulator.afterSigning((reply, { request }) => SPOILS[isQuery(request) ? query : close]?.(reply));
          const end = await ending(shop.service[variant]({ out_trade_no }, { confirm }));

          const asked = shop.emulator.requests.filter(isQuery).length;
          const outcome = (end as { state?: string }).state ?? (end as WechatPayError).outcome;
          const isDefinite = close === 'right' && state !== 'paying';
          if (confirm === 'never') expect(asked).toBe(0);
          else if (isDefinite && confirm === 'onDoubt') expect(asked).toBe(0);
          else expect(asked).toBeGreaterThan(0);

          if (outcome === 'CLOSED') {
            expect(order?.state).toBe('CLOSED');
            expect(end).toMatchObject({ confirmedBy: asked > 0 ? 'query' : 'reply' });
            if (confirm === 'always') expect(end).toMatchObject({ confirmedBy: 'query' });
          }
          if (end instanceof OrderPaidError) expect(state).toBe('paid');
          if (outcome === 'not_found') expect(state).toBe('absent');
          if (isDefinite && confirm !== 'always') {
            expect(outcome).toBe({ open: 'CLOSED', paid: 'paid', absent: 'not_found' }[state]);
          }
        },
      ),
      runs(250),
    );
  },
  PATIENCE_MS,
);
