import { HttpService } from '@nestjs/axios';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type AttemptEnd,
  type CallObservation,
  CallObserver,
  RsaSha256Signer,
  type SigningIdentity,
} from 'nestjs-wechatpay';
import { config, finalize, type Subscription } from 'rxjs';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const out_trade_no = 'LEAVING001';
const another = 'LEAVING002';
const silence = () => new Promise<never>(() => {});
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 50));

let shop: TestShop;
afterEach(async () => {
  config.onUnhandledError = null;
  await shop.close();
});

describe('whoever leaves from inside a call', () => {
  it('has nothing sent, when it is an observer that is about to run what sends', async () => {
    let caller: Subscription | undefined;
    class Leaving extends CallObserver {
      begin(): CallObservation {
        return { end: () => {} };
      }
      override sending(run: () => void): void {
        caller?.unsubscribe();
        run();
      }
    }
    shop = await openShop({ observers: [new Leaving()] });
    caller = shop.service.direct({ out_trade_no }).subscribe();
    await aWhile();
    expect(caller.closed).toBe(true);
    expect(shop.emulator.requests).toHaveLength(0);
  });

  it('has nothing sent, when it is an interceptor', async () => {
    shop = await openShop();
    const leave = () => caller.unsubscribe();
    shop.app.get(HttpService, { strict: false }).axiosRef.interceptors.request.use(
      (request) => {
        leave();
        return request;
      },
      null,
      { synchronous: true },
    );
    const caller = shop.service.direct({ out_trade_no }).subscribe();
    await aWhile();
    expect(caller.closed).toBe(true);
    expect(shop.emulator.requests).toHaveLength(0);
  });

  it('is told of by the observer of an attempt, once', async () => {
    let caller: Subscription | undefined;
    const ends: AttemptEnd[] = [];
    class Leaving extends CallObserver {
      begin(): CallObservation {
        let attempts = 0;
        const attempt = () => {
          if (++attempts === 2) caller?.unsubscribe();
          return { end: (end: AttemptEnd) => void ends.push(end) };
        };
        return { attempt, end: () => {} };
      }
    }
    shop = await openShop({ observers: [new Leaving()], retry: { attempts: 3, baseMs: 1 } });
    shop.emulator.afterSigning((reply) => ({ ...reply, status: 500, headers: [] }));
    caller = shop.service.direct({ out_trade_no }).subscribe({ error: () => {} });
    await until(() => ends.length === 2);
    await aWhile();
    expect(ends.map(({ kind }) => kind)).toEqual(['unverified', 'unsubscribed']);
    expect(shop.emulator.requests).toHaveLength(1);
  });
});

describe('a teardown of a caller that throws', () => {
  const teardown = () => {
    throw new Error('the teardown is broken');
  };

  it('keeps nobody who shares the close from hearing of it, and is reported by RxJS', async () => {
    const reported: unknown[] = [];
    config.onUnhandledError = (error) => void reported.push(error);
    shop = await openShop();
    shop.emulator.place({ out_trade_no });
    const call = shop.service.direct({ out_trade_no });
    call.pipe(finalize(teardown)).subscribe();
    expect(await ending(call)).toMatchObject({ state: 'CLOSED' });
    expect(shop.emulator.requests).toHaveLength(1);
    await until(() => reported.length > 0);
    expect(String(reported)).toContain('the teardown is broken');
  });

  it('keeps no other call from ending with the application', async () => {
    const reported: unknown[] = [];
    config.onUnhandledError = (error) => void reported.push(error);
    shop = await openShop({ timeouts: { shutdownMs: 0 } });
    shop.emulator.afterSigning(silence);
    const seen: unknown[] = [];
    const see = { error: (error: unknown) => void seen.push(error) };
    shop.service.direct({ out_trade_no }).pipe(finalize(teardown)).subscribe(see);
    shop.service.direct({ out_trade_no: another }).subscribe(see);
    await until(() => shop.emulator.requests.length === 2);
    await shop.app.close();
    const shutDown = { reason: 'shutdown', phase: 'sent' };
    expect(seen).toMatchObject([
      { ...shutDown, order: { out_trade_no } },
      { ...shutDown, order: { out_trade_no: another } },
    ]);
    await until(() => reported.length > 0);
  });
});

it('an identity that a signer copies has its signal', async () => {
  const copies: SigningIdentity[] = [];
  class Copying extends RsaSha256Signer {
    override sign(message: string, identity: SigningIdentity): Promise<string> {
      copies.push({ ...identity });
      return super.sign(message, identity);
    }
  }
  shop = await openShop({ signers: [Copying] });
  shop.emulator.place({ out_trade_no });
  await ending(shop.service.direct({ out_trade_no }));
  expect(copies).toEqual([expect.objectContaining({ signal: expect.any(AbortSignal) })]);
});
