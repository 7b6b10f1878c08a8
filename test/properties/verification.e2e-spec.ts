import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OrderPaidError, OutcomeUnknownError } from 'nestjs-wechatpay';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { PATIENCE_MS, runs } from './runs.js';

const NUMBER = 'FLIPPED001';
let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => shop.emulator.reset());
afterAll(() => shop.close());

/** The same bytes but for one bit, which `at` picks. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = Math.floor(at / 8) % copy.byteLength;
  copy[index] = (copy[index] ?? 0) ^ (1 << (at % 8));
  return copy;
}

function withFlippedHeader(reply: EmulatorReply, header: string, at: number): EmulatorReply {
  const headers = reply.headers.map(([name, value]) => {
    const changed = flipped(Buffer.from(value), at).toString('latin1');
    return [name, name === header && /^[!-~]+$/.test(changed) ? changed : value] as const;
  });
  return { ...reply, headers };
}

describe('one flipped bit', () => {
  it.each(['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'])(
    'in %s, and a 204 is not believed',
    async (header) => {
      shop.emulator.place({ out_trade_no: NUMBER });
      await fc.assert(
        fc.asyncProperty(fc.nat(4_095), async (at) => {
          let changed = false;
          const undo = shop.emulator.afterSigning((reply) => {
            const rewritten = withFlippedHeader(reply, header, at);
            changed = JSON.stringify(rewritten.headers) !== JSON.stringify(reply.headers);
            return rewritten;
          });
          const ended = await ending(shop.service.direct({ out_trade_no: NUMBER }));
          undo();
          if (changed) expect(ended).toMatchObject({ name: 'OutcomeUnknownError', authenticated: false });
          else expect(ended).toMatchObject({ state: 'CLOSED' });
        }),
        runs(150),
      );
    },
    PATIENCE_MS,
  );

  it(
    'in the body of a signed error, and it is not believed',
    async () => {
      shop.emulator.pay(shop.emulator.place({ out_trade_no: NUMBER }));
      expect(await ending(shop.service.direct({ out_trade_no: NUMBER }))).toBeInstanceOf(OrderPaidError);
      await fc.assert(
        fc.asyncProperty(fc.nat(8_191), async (at) => {
          const undo = shop.emulator.afterSigning((reply) => ({ ...reply, body: flipped(reply.body, at) }));
          const ended = await ending(shop.service.direct({ out_trade_no: NUMBER }));
          undo();
          expect(ended).toBeInstanceOf(OutcomeUnknownError);
          expect(ended).toMatchObject({ authenticated: false });
        }),
        runs(300),
      );
    },
    PATIENCE_MS,
  );

  it(
    'in an APIv2 reply, and it is not believed',
    async () => {
      shop.emulator.place({ out_trade_no: NUMBER });
      await fc.assert(
        fc.asyncProperty(fc.nat(8_191), async (at) => {
          let reply: Buffer = Buffer.alloc(0);
          const undo = shop.emulator.afterSigning((original) => {
            reply = flipped(original.body, at);
            return { ...original, body: reply };
          });
          const ended = await ending(shop.service.v2({ out_trade_no: NUMBER }));
          undo();
          // White space between fields and the case of nothing else may change without changing what was signed.
          expect(ended).toMatchObject({ authenticated: false });
          expect(ended).not.toHaveProperty('state');
        }),
        runs(400),
      );
    },
    PATIENCE_MS,
  );
});

describe('out_trade_no', () => {
  const valid = fc.stringMatching(/^[0-9A-Za-z_\-|*]{6,32}$/);

  it(
    'arrives as the same number and is signed as it was sent, whatever it is',
    async () => {
      await fc.assert(
        fc.asyncProperty(valid, async (out_trade_no) => {
          shop.emulator.reset();
          const [direct, v2] = [
            shop.emulator.place({ out_trade_no }),
            shop.emulator.place({ out_trade_no, sub_mchid: '1230000109' }),
          ];
          expect(await ending(shop.service.direct({ out_trade_no }))).toMatchObject({
            state: 'CLOSED',
            order: { out_trade_no },
          });
          expect(await ending(shop.service.v2({ out_trade_no, sub_mch_id: '1230000109' }))).toMatchObject({
            state: 'CLOSED',
            order: { out_trade_no },
          });
          expect([direct.state, v2.state]).toEqual(['CLOSED', 'CLOSED']);
          expect(shop.emulator.requests.map(({ verdict }) => verdict)).toEqual(['verified', 'verified']);
        }),
        runs(200),
      );
    },
    PATIENCE_MS,
  );

  it('sends nothing if it is not valid', async () => {
    const invalid = fc
      .oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.constantFrom('../../evil', 'a/b/c/d', 'abcdef?x', 'abcdef#x', '%2e%2e%2f'),
        fc.anything(),
      )
      .filter((value) => typeof value !== 'string' || !/^[0-9A-Za-z_\-|*]{6,32}$/.test(value));
    await fc.assert(
      fc.asyncProperty(invalid, async (value) => {
        const out_trade_no = value as string;
        expect(await ending(shop.service.direct({ out_trade_no }))).toMatchObject({ name: 'InvalidRequestError' });
        expect(await ending(shop.service.v2({ out_trade_no }))).toMatchObject({ name: 'InvalidRequestError' });
      }),
      runs(500),
    );
    expect(shop.emulator.requests).toHaveLength(0);
  });
});

it(
  '64 concurrent closes of any mix reach their own orders',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[0-9A-Za-z]{6,32}$/), { minLength: 2, maxLength: 64 }),
        async (numbers) => {
          shop.emulator.reset();
          const orders = numbers.map((out_trade_no) => shop.emulator.place({ out_trade_no }));
          const ended = await Promise.all(
            numbers.map((out_trade_no, index) =>
              ending(index % 2 === 0 ? shop.service.direct({ out_trade_no }) : shop.service.v2({ out_trade_no })),
            ),
          );
          expect(ended.map((end) => (end as { order: { out_trade_no: string } }).order.out_trade_no)).toEqual(numbers);
          expect(orders.every(({ changes }) => changes.filter(({ state }) => state === 'CLOSED').length === 1)).toBe(
            true,
          );
        },
      ),
      runs(10),
    );
  },
  PATIENCE_MS,
);
