import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type BulkOutcome,
  BulkStoppedError,
  CloseOrderService,
  type DirectCloseRequest,
  InvalidRequestError,
} from 'nestjs-wechatpay';
import { concat, from, lastValueFrom, NEVER, Observable, of, Subject, throwError, toArray } from 'rxjs';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

type Ended = BulkOutcome<DirectCloseRequest>;

/** Fast enough that no test waits for its turn. */
const FAST = { variant: 'direct', ratePerSecond: 10_000 } as const;
const numbered = (index: number) => `BULK${String(index).padStart(6, '0')}`;
const requests = (count: number) => Array.from({ length: count }, (_, index) => ({ out_trade_no: numbered(index) }));

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => shop.emulator.reset());
afterAll(() => shop.close());

const place = (count: number) => requests(count).map((request) => shop.emulator.place(request));
const closes = () => shop.emulator.requests.filter(({ url }) => url.endsWith('/close'));
const all = (call: Observable<Ended>) => lastValueFrom(call.pipe(toArray()));
const indexes = (ended: readonly Ended[]) => ended.map(({ index }) => index).sort((one, other) => one - other);

describe('closeOrder.many', () => {
  it.each([
    ['an array', (list: DirectCloseRequest[]) => list],
    ['a generator', (list: DirectCloseRequest[]) => list.values()],
    [
      'an async generator',
      async function* (list: DirectCloseRequest[]) {
        yield* list;
      },
    ],
    ['an Observable', (list: DirectCloseRequest[]) => from(list)],
    ['a stream', (list: DirectCloseRequest[]) => ReadableStream.from<DirectCloseRequest>(list)],
  ])('closes the orders of %s', async (_name, make) => {
    const orders = place(40);
    const ended = await all(shop.service.many(make(requests(40)), FAST));
    expect(indexes(ended)).toEqual([...Array(40).keys()]);
    for (const { outcome, index, request } of ended) {
      expect([outcome, request]).toEqual(['closed', { out_trade_no: numbered(index) }]);
    }
    expect(orders.map(({ state }) => state)).toEqual(Array(40).fill('CLOSED'));
    expect(closes()).toHaveLength(40);
    expect(ended.at(-1)?.checkpoint).toBe(40);
  });

  it('tells the outcome of each order, and goes on after one that fails', async () => {
    place(3);
    shop.emulator.pay(numbered(1));
    shop.emulator.faults.add({ kind: 'systemError', when: { out_trade_no: numbered(2) } });
    const odd = [...requests(4), { out_trade_no: '?' }, undefined, null, 7] as DirectCloseRequest[];
    const ended = await all(shop.service.many(odd, FAST));
    const outcomes = ended.toSorted((one, other) => one.index - other.index).map(({ outcome }) => outcome);
    expect(outcomes.slice(0, 3)).toEqual(['closed', 'paid', 'unknown']);
    expect(outcomes.slice(4)).toEqual(['not_sent', 'not_sent', 'not_sent', 'not_sent']);
    for (const end of ended) {
      if (end.outcome === 'closed') expect(end.order.state).toBe('CLOSED');
      else expect(end.error.outcome).toBe(end.outcome);
    }
  });

  it('closes through a variant of your own, and lets an order differ from the others', async () => {
    const variant = { ...(await import('nestjs-wechatpay')).v2Variant, name: 'own' };
    const source = [{ out_trade_no: numbered(0) }, { out_trade_no: numbered(1) }, { out_trade_no: numbered(2) }];
    place(3);
    const each = (_request: unknown, index: number) => {
      if (index === 2) throw new Error('CANARY');
      return index === 0 ? { createdAt: shop.clock.stoppedAt ?? shop.emulator.clock.now() } : {};
    };
    const ended = await lastValueFrom(shop.service.many(source, { ...FAST, variant, each }).pipe(toArray()));
    expect(new Map(ended.map(({ index, outcome }) => [index, outcome]))).toEqual(
      new Map([
        [0, 'not_sent'],
        [1, 'closed'],
        [2, 'unknown'],
      ]),
    );
    expect(JSON.stringify(ended)).not.toContain('CANARY');
  });

  it('pulls no further ahead than it closes, and holds no more sockets than it may', async () => {
    place(30);
    let pulled = 0;
    const waiting: (() => void)[] = [];
    shop.emulator.afterSigning(() => new Promise((resolve) => waiting.push(() => resolve(undefined))));
    async function* source() {
      for (const request of requests(30)) {
        pulled++;
        yield request;
      }
    }
    const done = all(shop.service.many(source(), { ...FAST, concurrency: 4 }));
    for (let released = 0; released < 30; released++) {
      await until(() => waiting.length === Math.min(4, 30 - released));
      expect(pulled).toBeLessThanOrEqual(released + 4);
      waiting.shift()?.();
    }
    expect(await done).toHaveLength(30);
  });

  it('frees a place only once record is done, and stops where it fails', async () => {
    place(20);
    const recorded: number[] = [];
    const gate = new Subject<void>();
    const record = ({ index }: Ended) => {
      recorded.push(index);
      return index < 4 ? gate : Promise.resolve();
    };
    const ended: Ended[] = [];
    const done = new Promise((resolve) => {
      shop.service.many(requests(20), { ...FAST, concurrency: 4, record }).subscribe({
        next: (end) => ended.push(end),
        complete: () => resolve('complete'),
      });
    });
    await until(() => recorded.length === 4);
    await new Promise((resolve) => setImmediate(resolve));
    expect([ended.length, closes().length]).toEqual([0, 4]);
    gate.complete();
    expect(await done).toBe('complete');
    expect(ended).toHaveLength(20);

    const broken = new Error('disk full');
    const failing = shop.service.many(requests(20), {
      ...FAST,
      concurrency: 1,
      record: ({ index }) => (index === 5 ? throwError(() => broken) : of(index)),
    });
    const error = await ending(failing);
    expect(error).toBeInstanceOf(BulkStoppedError);
    expect(error).toMatchObject({ reason: 'record', checkpoint: 5, cause: broken });
  });

  it('closes the sockets and returns the iterator when nobody listens any more', async () => {
    place(8);
    let returned = 0;
    async function* source() {
      try {
        yield* requests(8);
      } finally {
        returned++;
      }
    }
    shop.emulator.afterSigning(() => new Promise<undefined>(() => {}));
    const subscription = shop.service.many(source(), { ...FAST, concurrency: 3 }).subscribe();
    await until(() => closes().length === 3);
    subscription.unsubscribe();
    await until(() => closes().every(({ aborted }) => aborted) && returned === 1);
    expect(closes()).toHaveLength(3);
  });

  it('leaves a source that never gives anything', async () => {
    const iterator = { returned: 0, next: () => new Promise<never>(() => {}), return: () => ++iterator.returned };
    const source = { [Symbol.asyncIterator]: () => iterator } as unknown as AsyncIterable<DirectCloseRequest>;
    const subscription = shop.service.many(source, FAST).subscribe();
    await new Promise((resolve) => setImmediate(resolve));
    subscription.unsubscribe();
    expect(iterator.returned).toBe(1);
  });

  it.each([
    ['an iterator', () => losing()],
    [
      'an Observable',
      () =>
        concat(
          from(requests(3)),
          throwError(() => new Error('cursor lost')),
        ),
    ],
  ])('ends with a typed error where %s fails, after what it had given', async (_name, make) => {
    place(3);
    const ended: Ended[] = [];
    const error = await new Promise((resolve) => {
      shop.service.many(make(), FAST).subscribe({ next: (end) => ended.push(end), error: resolve });
    });
    expect(indexes(ended)).toEqual([0, 1, 2]);
    expect(error).toBeInstanceOf(BulkStoppedError);
    expect(error).toMatchObject({ reason: 'source', checkpoint: 3, cause: { message: 'cursor lost' } });
  });

  it('bounds what waits of an Observable, even of one that never ends', async () => {
    place(5);
    const ended: Ended[] = [];
    const endless = new Observable<DirectCloseRequest>((subscriber) => {
      for (let index = 0; !subscriber.closed; index++) subscriber.next({ out_trade_no: numbered(index) });
    });
    const error = await new Promise((resolve) => {
      shop.service.many(endless, { ...FAST, buffer: 5 }).subscribe({ next: (end) => ended.push(end), error: resolve });
    });
    expect(indexes(ended)).toEqual([0, 1, 2, 3, 4]);
    expect(error).toMatchObject({ reason: 'buffer', checkpoint: 5 });
  });

  it('goes on from a checkpoint without closing anything before it', async () => {
    place(10);
    const ended = await all(shop.service.many(requests(10), { ...FAST, from: 6 }));
    expect(indexes(ended)).toEqual([6, 7, 8, 9]);
    expect(closes()).toHaveLength(4);
    expect(ended.map(({ checkpoint }) => checkpoint).at(-1)).toBe(10);
    expect(await all(shop.service.many(requests(10), { ...FAST, from: 10 }))).toEqual([]);
    const error = await ending(shop.service.many(requests(10), { ...FAST, from: 11 }));
    expect(error).toMatchObject({ name: 'BulkStoppedError', reason: 'source', checkpoint: 11 });
  });

  it('lets equal orders that are under way at once share one close', async () => {
    place(1);
    const same = Array.from({ length: 8 }, () => ({ out_trade_no: numbered(0) }));
    const waiting: (() => void)[] = [];
    shop.emulator.afterSigning(() => new Promise((resolve) => waiting.push(() => resolve(undefined))));
    const done = all(shop.service.many(same, { ...FAST, ratePerSecond: 10_000, concurrency: 8 }));
    await until(() => waiting.length === 1);
    waiting[0]?.();
    expect((await done).map(({ outcome }) => outcome)).toEqual(Array(8).fill('closed'));
    expect(closes()).toHaveLength(1);
  });

  it.each([
    [{ variant: 'sideways' }, 'options.variant'],
    [{ variant: null }, 'options.variant'],
    [{ variant: { name: 'direct' } }, 'options.variant'],
    [{ ...FAST, concurrency: 0 }, 'options.concurrency'],
    [{ ...FAST, concurrency: 1.5 }, 'options.concurrency'],
    [{ ...FAST, ratePerSecond: Number.NaN }, 'options.ratePerSecond'],
    [{ ...FAST, from: -1 }, 'options.from'],
    [{ ...FAST, buffer: '9' }, 'options.buffer'],
    [{ ...FAST, record: 'x' }, 'options.record'],
    [undefined, 'options.variant'],
  ])('refuses %j before it reads anything', async (options, field) => {
    let isRead = false;
    const source = { [Symbol.iterator]: () => ((isRead = true), requests(1).values()) };
    const error = await ending(shop.service.many(source, options as unknown as typeof FAST));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ issues: [{ field }] });
    expect(isRead).toBe(false);
  });

  it('refuses what is no source', async () => {
    for (const source of ['text', 7, null, {}]) {
      const error = await ending(shop.service.many(source as unknown as DirectCloseRequest[], FAST));
      expect(error).toMatchObject({ issues: [{ field: 'source' }] });
    }
  });

  it('lets the event loop turn while every input fails at once', async () => {
    let turns = 0;
    const ticking = setInterval(() => turns++, 0);
    const ended = await all(
      shop.service.many(Array.from({ length: 20_000 }, () => ({})) as DirectCloseRequest[], FAST),
    );
    clearInterval(ticking);
    expect(ended).toHaveLength(20_000);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('closeOrder.many and the application', () => {
  it('slows down when any call of the merchant finds requests too frequent', async () => {
    const { RateLimitNotices } = await import('../../lib/close-order/rate-limit-notices.js');
    const own = await openShop();
    const noticed: unknown[] = [];
    own.app.get(RateLimitNotices, { strict: false }).merchants.subscribe((mchid) => noticed.push(mchid));
    own.emulator.place({ out_trade_no: numbered(0) });
    own.emulator.faults.add({ kind: 'throttle', when: { times: 1 } });
    await ending(own.service.direct({ out_trade_no: numbered(0) }));
    await ending(own.service.v2({ out_trade_no: numbered(0) }));
    expect(noticed).toEqual(['1900000109']);
    await own.close();
  });

  it('stops at shutdown: what is under way ends, and what was cut off is not behind the checkpoint', async () => {
    const own = await openShop({ timeouts: { shutdownMs: 0 } });
    for (const request of requests(6)) own.emulator.place(request);
    own.emulator.afterSigning((_reply, { request }) =>
      request.url.includes(numbered(2)) ? new Promise<undefined>(() => {}) : undefined,
    );
    const source = concat(from(requests(6)), NEVER);
    const ended: Ended[] = [];
    const error = new Promise((resolve) => {
      own.app
        .get(CloseOrderService)
        .many(source, { ...FAST, concurrency: 2 })
        .subscribe({ next: (end) => ended.push(end), error: resolve });
    });
    await until(() => ended.length === 5);
    await own.app.close();
    expect(await error).toMatchObject({ reason: 'shutdown', checkpoint: 2 });
    expect(ended.at(-1)).toMatchObject({ index: 2, outcome: 'unknown', error: { reason: 'shutdown' }, checkpoint: 2 });
    // After that, no source is read any more.
    let isRead = false;
    const unread = { [Symbol.iterator]: () => ((isRead = true), requests(1).values()) };
    expect(await ending(own.service.many(unread, FAST))).toMatchObject({ reason: 'shutdown', checkpoint: 0 });
    expect(isRead).toBe(false);
    await own.emulator.stop();
  });
});

// oxlint-disable-next-line require-yield -- it fails instead of giving a fourth
function* losing(): Generator<DirectCloseRequest> {
  yield* requests(3);
  throw new Error('cursor lost');
}
