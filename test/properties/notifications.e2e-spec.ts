import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EmulatorOrder } from 'nestjs-wechatpay/emulator';

import { type NotifiedShop, openNotifiedShop, received, refusalOf } from '../support/notified-shop.js';
import { PATIENCE_MS, runs } from './runs.js';

let shop: NotifiedShop;
let order: EmulatorOrder;
beforeAll(async () => {
  shop = await openNotifiedShop('express');
  order = shop.paid({ out_trade_no: 'PROPERTY01', total: 4_200 });
});
afterAll(() => shop.close());

describe('for any notification', () => {
  it.each(['v3', 'v2'] as const)(
    'of API %s, what comes out is what went in, whatever the words',
    async (api) => {
      // What XML can carry; APIv2 drops a field without a value.
      const word = fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
        .filter((text) => /^[^\p{C}]+$/u.test(text) && !text.includes(']]>'));
      await fc.assert(
        fc.asyncProperty(word, fc.integer({ min: 1, max: 1e9 }), async (attach, total) => {
          const changes =
            api === 'v2'
              ? { fields: (all: object) => ({ ...all, attach, total_fee: String(total) }) }
              : { plain: (text: string) => JSON.stringify({ ...JSON.parse(text), attach, amount: { total } }) };
          const made = received(shop.emulator.notifications.make(order, changes, { api }));
          const amount = api === 'v2' ? { total_fee: String(total) } : { amount: { total } };
          expect(await refusalOf(shop.notifications, made)).toMatchObject({ resource: { attach, ...amount } });
        }),
        runs(100),
      );
    },
    PATIENCE_MS,
  );

  it.each(['v3', 'v2'] as const)(
    'of API %s, any one changed byte has it refused',
    async (api) => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
          const made = received(shop.emulator.notifications.make(order, {}, { api }));
          const body = Buffer.from(made.body);
          body[at % body.length]! ^= mask;
          expect(typeof (await refusalOf(shop.notifications, { ...made, body }))).toBe('string');
        }),
        runs(200),
      );
    },
    PATIENCE_MS,
  );

  it(
    'any bytes and any headers end in a typed refusal',
    async () => {
      const names = ['timestamp', 'nonce', 'signature', 'serial', 'signature-type'].map((name) => `wechatpay-${name}`);
      const headers = fc.record(Object.fromEntries(names.map((name) => [name, fc.string()])), { requiredKeys: [] });
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), headers, async (body, given) => {
          expect(typeof (await refusalOf(shop.notifications, { body, headers: given }))).toBe('string');
        }),
        runs(300),
      );
    },
    PATIENCE_MS,
  );
});
