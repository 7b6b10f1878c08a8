import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { directVariant, RsaSha256Signer } from 'nestjs-wechatpay';

import { ending, openShop, type TestShop } from '../support/test-shop.js';

const out_trade_no = 'FOREIGN001';
let thrown: () => unknown = () => undefined;
class FailingSigner extends RsaSha256Signer {
  override sign(): Promise<string> {
    throw thrown();
  }
}
let shop: TestShop;
let unsigned: TestShop;
beforeAll(async () => {
  shop = await openShop();
  unsigned = await openShop({ signers: [FailingSigner] });
});
afterAll(async () => {
  await shop.close();
  await unsigned.close();
});
beforeEach(() => {
  shop.emulator.reset();
  shop.emulator.place({ out_trade_no });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** What JavaScript lets code throw, and what makes it hard to say a word about it. */
const THROWN: readonly (readonly [what: string, make: () => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['an error whose name is a number', () => Object.assign(new Error('x'), { name: 404 })],
  ['an error whose name is a symbol', () => Object.assign(new Error('x'), { name: Symbol('x') })],
  [
    'an error whose name cannot be read',
    () =>
      Object.defineProperty(new Error('x'), 'name', {
        get: () => {
          throw new Error('x');
        },
      }),
  ],
  ['an error whose name is a secret', () => Object.assign(new Error('x'), { name: 'canary' })],
  ['a revoked proxy', revoked],
];

describe.each(THROWN)('%s that is thrown', (_, make) => {
  beforeEach(() => {
    thrown = make;
  });

  it.each(['path', 'body', 'order', 'fill', 'merchantNumber', 'host', 'name'])(
    "by a variant's %s ends the call in a typed error",
    async (member) => {
      const fail = () => {
        throw thrown();
      };
      const isRead = member === 'host' || member === 'name';
      const variant = Object.defineProperty({ ...directVariant }, member, isRead ? { get: fail } : { value: fail });
      const error = await ending(shop.service.close(variant, { out_trade_no }));
      expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason: 'internal' });
      expect(String(error)).not.toContain('canary');
      expect(shop.emulator.requests).toHaveLength(0);
    },
  );

  it("by a variant's query ends the call in a typed error", async () => {
    const { query } = directVariant;
    if (query === undefined) throw new Error('the variant has no query');
    const target = (): never => {
      throw thrown();
    };
    const error = await ending(shop.service.query({ ...directVariant, query: { ...query, target } }, { out_trade_no }));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason: 'internal' });
    expect(String(error)).not.toContain('canary');
  });

  it('by a signer ends the call before anything is sent', async () => {
    const error = await ending(unsigned.service.direct({ out_trade_no }));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'signer' });
    expect(String(error)).not.toContain('canary');
  });
});

describe('a path that HTTP does not allow', () => {
  const variant = { ...directVariant, path: () => '/v3/订单' };

  it('is not sent, and the error says so, with and without interceptors', async () => {
    const expected = { name: 'OutcomeUnknownError', phase: 'notSent', reason: 'internal' };
    expect(await ending(shop.service.close(variant, { out_trade_no }))).toMatchObject(expected);
    const { request } = shop.app.get(HttpService, { strict: false }).axiosRef.interceptors;
    request.use((config) => config);
    const error = await ending(shop.service.close(variant, { out_trade_no }));
    request.clear();
    expect(error).toMatchObject(expected);
    expect(String(error)).toContain('percent-encoded');
  });
});
