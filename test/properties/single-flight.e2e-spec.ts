import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CloseOptions, PartnerCloseRequest, V2CloseRequest } from 'nestjs-wechatpay';
import type { Observable } from 'rxjs';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { PATIENCE_MS, runs } from './runs.js';
import { OTHERS, OURS, SUB_MERCHANT } from './two-merchants.js';

let shop: TestShop;
beforeAll(async () => {
  const merchants = [OURS, OTHERS].map((mchid) => ({ mchid, subMchids: [SUB_MERCHANT, '1230000110'] }));
  shop = await openShop({}, { merchants });
});
beforeEach(() => shop.emulator.reset());
afterAll(() => shop.close());

const number = fc.constantFrom('FLIGHT0001', 'FLIGHT0002', 'flight0001');
const merchant = fc.constantFrom(OURS, OTHERS);
const confirm = fc.constantFrom<CloseOptions['confirm']>(undefined, 'never', 'onDoubt');
const call = fc
  .record({
    how: fc.constantFrom('direct', 'partner', 'v2' as const),
    merchant,
    number,
    sub: fc.constantFrom(SUB_MERCHANT, '1230000110'),
    scheme: fc.constantFrom('MD5', 'HMAC-SHA256' as const),
    confirm,
    /** Whether the caller writes the same request in another order. */
    isTurned: fc.boolean(),
  })
  .map((given) => ({
    ...given,
    sub: given.how === 'direct' ? undefined : given.sub,
    scheme: given.how === 'v2' ? given.scheme : undefined,
  }));
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

function turned<T extends object>(request: T, isTurned: boolean): T {
  return isTurned ? (Object.fromEntries(Object.entries(request).toReversed()) as T) : request;
}

function begin({ how, merchant: mchid, number: out_trade_no, sub, scheme, confirm: when, isTurned }: Call) {
  const options = when === undefined ? {} : { confirm: when };
  const requests: Record<Call['how'], () => Observable<unknown>> = {
    direct: () => shop.service.direct(turned({ mchid, out_trade_no }, isTurned), options),
    partner: () =>
      shop.service.partner(
        turned<PartnerCloseRequest>({ sp_mchid: mchid, sub_mchid: sub ?? '', out_trade_no }, isTurned),
        options,
      ),
    v2: () =>
      shop.service.v2(
        turned<V2CloseRequest>({ mch_id: mchid, sub_mch_id: sub, out_trade_no, sign_type: scheme }, isTurned),
        options,
      ),
  };
  return requests[how]();
}

/** Calls are equal if they ask the same of the same; the module's own `confirm` is `never` here. */
const sameness = ({ how, merchant: mchid, number: out_trade_no, sub, scheme, confirm: when }: Call) =>
  JSON.stringify([how, mchid, out_trade_no, sub, scheme, when ?? 'never']);

it(
  'equal calls at the same time are one request with one result, and different calls never merge',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 12 }), async (calls) => {
        shop.emulator.reset();
        for (const { how, merchant: mchid, number: out_trade_no, sub } of calls) {
          const isPlaced = shop.emulator.orders.some(
            (order) => order.mchid === mchid && order.sub_mchid === sub && order.out_trade_no === out_trade_no,
          );
          if (!isPlaced) shop.emulator.place({ mchid, out_trade_no, ...(how !== 'direct' && { sub_mchid: sub }) });
        }
        const ends = await Promise.all(calls.map((given) => ending(begin(given))));
        expect(shop.emulator.requests).toHaveLength(new Set(calls.map(sameness)).size);
        for (const [index, given] of calls.entries()) {
          const twin = calls.findIndex((other) => sameness(other) === sameness(given));
          // One result that all of them share, not several that look alike.
          expect(ends[index]).toBe(ends[twin]);
          expect(ends[index]).toMatchObject({
            state: 'CLOSED',
            variant: given.how,
            order: { mchid: given.merchant, out_trade_no: given.number },
          });
        }
      }),
      runs(150),
    );
  },
  PATIENCE_MS,
);
