import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiV3CloseVariant, type ApiV3Options, directVariant, OutcomeUnknownError } from 'nestjs-wechatpay';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';
import { mergeMap, toArray } from 'rxjs';
import { z } from 'zod';

import { hostReportOf } from '../../lib/close-order/host-report.js';
import { Randomness } from '../../lib/environment/randomness.js';
import { renewed } from '../../lib/platform-keys/platform-certificate.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';

const out_trade_no = 'ODDMOMENT1';
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
let shop: TestShop;
beforeEach(async () => {
  shop = await openShop();
  shop.emulator.place({ out_trade_no });
});
afterEach(() => shop.close());

describe('settle', () => {
  it('does not say that nothing was sent where an earlier round was', async () => {
    const down = await openShop({}, {}, [[Randomness, { next: () => 0.05 }]]);
    down.emulator.place({ out_trade_no });
    let replies = 0;
    down.emulator.afterSigning(() => {
      if (++replies === 2) void down.emulator.stop();
      return 'drop';
    });
    const error = await ending(down.service.settle(directVariant, { out_trade_no }, { withinMs: 1_500 }));
    await down.app.close();
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'sent' });
    expect(String(error)).not.toContain('has not seen');
  });

  it.each([Infinity, NaN, 0, -1, 1.5, 2 ** 31])('takes no deadline of %d', async (withinMs) => {
    const error = await ending(shop.service.settle(directVariant, { out_trade_no }, { withinMs }));
    expect(error).toMatchObject({ name: 'InvalidRequestError', issues: [{ field: 'options.withinMs' }] });
    expect(shop.emulator.requests).toHaveLength(0);
  });
});

it('an equal close that is begun when the first one has emitted is a call of its own', async () => {
  const close = () => shop.service.direct({ out_trade_no });
  const ends = await ending(
    close().pipe(
      mergeMap(() => close()),
      toArray(),
    ),
  );
  expect(ends).toEqual([expect.objectContaining({ state: 'CLOSED' })]);
  expect(shop.emulator.requests).toHaveLength(2);
});

it.each([
  ['an invalid date', () => new Date('bad')],
  ['not a number', () => NaN],
  ['nanoseconds', () => Date.now() * 1_000_000],
  ['a month ahead', () => Date.now() + 30 * DAY_MS],
])(
  'a time of creation that is %s is refused before anything is sent, also where it is to be waited for',
  async (_, at) => {
    for (const tooYoung of ['wait', 'reject', undefined] as const) {
      const options = { createdAt: at(), ...(tooYoung && { tooYoung }) };
      expect(await ending(shop.service.v2({ out_trade_no }, options))).toMatchObject({
        name: 'InvalidRequestError',
        issues: [{ field: 'options.createdAt' }],
      });
    }
    expect(shop.emulator.requests).toHaveLength(0);
  },
);

it('a recorded reply under another name of the same key closes no other order', async () => {
  const { merchants, hosts = {} } = shop.emulator.options('publicKey');
  const alias = 'PUB_KEY_ID_0100000000002';
  const aliased = (apiV3: ApiV3Options): ApiV3Options => {
    const [publicKey = ''] = Object.values(apiV3.publicKeys ?? {});
    return { ...apiV3, publicKeys: { ...apiV3.publicKeys, [alias]: publicKey } };
  };
  const twice = merchants.map(({ apiV3, ...rest }) => ({ ...rest, ...(apiV3 && { apiV3: aliased(apiV3) }) }));
  const own = await openShop({ merchants: twice, hosts });
  shop.emulator.place({ out_trade_no: 'ODDMOMENT2' });
  let recorded: EmulatorReply | undefined;
  shop.emulator.afterSigning((reply) => {
    if (recorded === undefined) {
      recorded = reply;
      return undefined;
    }
    const headers = recorded.headers.map(
      ([name, value]) => [name, /^wechatpay-serial$/i.test(name) ? alias : value] as const,
    );
    return { ...recorded, headers };
  });
  expect(await ending(own.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED' });
  expect(await ending(own.service.direct({ out_trade_no: 'ODDMOMENT2' }))).toMatchObject({ reason: 'replay' });
  await own.app.close();
  await own.emulator.stop();
});

it.each(['path', 'order', 'fill', 'merchantNumber'])('a variant whose %s throws ends in a doubt', async (member) => {
  const request = z.strictObject({ out_trade_no: z.string() });
  const broken: ApiV3CloseVariant<{ out_trade_no: string }> = {
    api: 'v3',
    name: 'broken',
    host: 'mainland',
    request,
    complete: request,
    merchantNumber: () => undefined,
    fill: (given) => given,
    order: (given) => given,
    path: () => '/v3',
    body: () => ({}),
    [member]: () => {
      throw new TypeError('canary');
    },
  };
  const error = await ending(shop.service.close(broken, { out_trade_no }));
  expect(error).toMatchObject({ name: 'OutcomeUnknownError', reason: 'internal', phase: 'notSent' });
  expect(String(error)).not.toContain('canary');
});

it('a certificate is believed for 12 hours after it left the list, however long ago it was last seen there', () => {
  const key = {} as never;
  const [old, next] = ['A', 'B'].map((serial) => ({ serial, key, notBefore: 0, notAfter: 1e12 }));
  if (old === undefined || next === undefined) throw new Error('there are two');
  const serialsAt = (hours: number, kept: Parameters<typeof renewed>[0]) => renewed(kept, [next], hours * HOUR_MS);
  const left = serialsAt(100, [old]);
  expect(left.map(({ serial }) => serial)).toEqual(['B', 'A']);
  expect(serialsAt(111.9, left).map(({ serial }) => serial)).toEqual(['B', 'A']);
  expect(serialsAt(112, left).map(({ serial }) => serial)).toEqual(['B']);
});

it('a connection that is refused after a dead one is the fault of the host', () => {
  const details = { variant: 'direct', order: {}, authenticated: false, attempts: 1 };
  const error = new OutcomeUnknownError('x', { ...details, phase: 'sent', reason: 'connect' });
  expect(hostReportOf(error)).toBe('unreachable');
});
