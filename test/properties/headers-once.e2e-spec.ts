import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { PATIENCE_MS, runs } from './runs.js';

const out_trade_no = 'HEADERS001';
let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
  shop.emulator.place({ out_trade_no });
});
afterAll(() => shop.close());

const isSignature = (name: string) => /^wechatpay-(timestamp|nonce|signature|serial)$/i.test(name);

async function closeWith(change: (reply: EmulatorReply) => EmulatorReply): Promise<unknown> {
  const undo = shop.emulator.afterSigning(change);
  const end = await ending(shop.service.direct({ out_trade_no }));
  undo();
  return end;
}

it(
  'each header of the signature counts only where it stands exactly once, in any case and place',
  async () => {
    const spelling = fc.constantFrom<(name: string) => string>(
      (name) => name,
      (name) => name.toUpperCase(),
      (name) => name.toLowerCase(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0, max: 3 }),
        spelling,
        fc.boolean(),
        async (which, at, copies, spell, isSame) => {
          const end = await closeWith((reply) => {
            const names = reply.headers.map(([name]) => name).filter(isSignature);
            const chosen = names[which % names.length] ?? '';
            const value = reply.headers.find(([name]) => name === chosen)?.[1] ?? '';
            const headers = reply.headers.filter(([name]) => name !== chosen);
            for (let copy = 0; copy < copies; copy++) {
              const own: [string, string] = [spell(chosen), copy === 0 || isSame ? value : 'x'];
              headers.splice((at + copy * 3) % (headers.length + 1), 0, own);
            }
            return { ...reply, headers };
          });
          if (copies === 1) expect(end).toMatchObject({ state: 'CLOSED' });
          else expect(end).toMatchObject({ name: 'OutcomeUnknownError', reason: 'header', authenticated: false });
        },
      ),
      runs(200),
    );
  },
  PATIENCE_MS,
);

it(
  'no other header matters to what a signature is worth',
  async () => {
    const extra = fc
      .tuple(fc.stringMatching(/^X-[A-Za-z0-9-]{1,20}$/), fc.stringMatching(/^[!-~]{0,40}$/))
      .map(([name, value]) => [name, value] as const);
    await fc.assert(
      fc.asyncProperty(fc.nat(255), fc.array(extra, { maxLength: 8 }), async (kept, added) => {
        const end = await closeWith((reply) => {
          const others = reply.headers.filter(([name], index) => isSignature(name) || (kept >> (index % 8)) % 2 === 1);
          return { ...reply, headers: [...added, ...others, ...added] };
        });
        expect(end).toMatchObject({ state: 'CLOSED', confirmedBy: 'reply' });
      }),
      runs(100),
    );
  },
  PATIENCE_MS,
);
