import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiV3CloseVariant, directVariant } from 'nestjs-wechatpay';
import { forkJoin } from 'rxjs';
import { z } from 'zod';

import { ending, openShop, type TestShop } from '../support/test-shop.js';

const out_trade_no = 'EQUAL00001';
let shop: TestShop;
beforeAll(async () => (shop = await openShop()));
afterAll(() => shop.close());
beforeEach(() => {
  shop.emulator.reset();
  shop.emulator.place({ out_trade_no });
});

interface Numbers {
  readonly numbers: ReadonlySet<string>;
}

/** Closes several orders at one address, and keeps their numbers in what JSON has no word for. */
const several: ApiV3CloseVariant<Numbers> = {
  name: 'several',
  api: 'v3',
  host: 'mainland',
  request: z.object({ numbers: z.set(z.string()) }),
  complete: z.object({ numbers: z.set(z.string()) }),
  merchantNumber: () => undefined,
  fill: (request) => request,
  path: () => '/v3/pay/transactions/several/close',
  body: ({ numbers }) => ({ numbers: [...numbers] }),
  order: () => ({}),
};

describe('closes that run at the same time', () => {
  it('share nothing where they send something else, even if they look the same in JSON', async () => {
    const calls = ['A', 'B'].map((each) => ending(shop.service.close(several, { numbers: new Set([each]) })));
    await Promise.all(calls);
    const sent = shop.emulator.requests.map(({ body }) => String(body)).toSorted();
    expect(sent).toEqual(['{"numbers":["A"]}', '{"numbers":["B"]}']);
  });

  it('share nothing where they go through endpoints that merely have the same name', async () => {
    const changed = { ...directVariant, body: () => ({ mchid: 'somebody else' }) };
    const [right, wrong] = await Promise.all([
      ending(shop.service.direct({ out_trade_no })),
      ending(shop.service.close(changed, { out_trade_no })),
    ]);
    expect(right).toMatchObject({ state: 'CLOSED' });
    expect(wrong).toMatchObject({ name: 'RequestRefusedError' });
  });

  it('share where they are equal', async () => {
    const call = () => shop.service.direct({ out_trade_no });
    expect(await ending(forkJoin([call(), call()]))).toHaveLength(2);
    expect(shop.emulator.requests).toHaveLength(1);
  });

  it('may hold numbers that JSON has no word for, if they are not sent', async () => {
    const exact = {
      ...directVariant,
      complete: directVariant.complete.transform((complete) => ({ ...complete, cents: 5n })),
    };
    expect(await ending(shop.service.close(exact, { out_trade_no }))).toMatchObject({ state: 'CLOSED' });
  });
});
