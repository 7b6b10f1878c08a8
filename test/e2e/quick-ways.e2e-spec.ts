import { Agent } from 'node:http';

import { HttpService } from '@nestjs/axios';
import { describe, expect, it, jest } from '@jest/globals';
import { type CallObservation, CallObserver, directVariant, RsaSha256Signer, v2Variant } from 'nestjs-wechatpay';
import { Observable } from 'rxjs';

import { ConnectionPool } from '../../lib/transport/connection-pool.js';
import { ending, openShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const out_trade_no = 'QUICK00001';

/** What the quick ways through a close must not change. */
describe('a close', () => {
  it('is sent once, whenever an observer runs what sends it', async () => {
    const late: (() => void)[] = [];
    class Late extends CallObserver {
      begin(): CallObservation {
        return { end: () => {} };
      }
      override sending(run: () => void): void {
        late.push(run);
      }
    }
    const shop = await openShop({ observers: [new Late()] });
    shop.emulator.place({ out_trade_no });
    expect(await ending(shop.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED' });
    for (const run of late) run();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shop.emulator.requests).toHaveLength(1);
    await shop.close();
  });

  it('hands its headers to node:http as an object, which instrumentations copy', async () => {
    const given: unknown[] = [];
    class Copying extends Agent {
      override createConnection(...[options, done]: Parameters<Agent['createConnection']>) {
        given.push(options.headers);
        return super.createConnection(options, done);
      }
    }
    const agent = new Copying();
    const shop = await openShop();
    const pool = shop.app.get(ConnectionPool, { strict: false });
    Object.defineProperty(pool, 'agentFor', { value: () => agent });
    shop.emulator.place({ out_trade_no });
    expect(await ending(shop.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED' });
    expect(given).toEqual([expect.objectContaining({ Accept: 'application/json' })]);
    agent.destroy();
    await shop.close();
  });

  it("ends, and so does the application, where a test has put its own clock in the place of Node's timers", async () => {
    const shop = await openShop();
    const numbers = Array.from({ length: 20 }, (_, index) => `QUICK${index + 100}`);
    for (const number of numbers) shop.emulator.place({ out_trade_no: number });
    jest.useFakeTimers();
    try {
      const closes = numbers.map((number) => ending(shop.service.direct({ out_trade_no: number })));
      expect(await Promise.all(closes)).toEqual(numbers.map(() => expect.objectContaining({ state: 'CLOSED' })));
      await shop.app.close();
    } finally {
      jest.useRealTimers();
    }
    await shop.emulator.stop();
  });

  it.each<[string, Record<string, unknown>]>([
    ['a number', { total_fee: 100 }],
    ['null for a nonce', { nonce_str: null }],
    ['a sign of its own', { sign: 'ABC' }],
  ])('of a variant that gives %s among its XML fields is sent with it', async (_, odd) => {
    const shop = await openShop();
    shop.emulator.place({ out_trade_no });
    const variant = {
      ...v2Variant,
      // As JavaScript may give them.
      fields: (request: object) => ({ ...request, ...odd }) as Record<string, string>,
    };
    expect(await ending(shop.service.close(variant, { out_trade_no }))).toMatchObject({ state: 'CLOSED' });
    await shop.close();
  });

  it('whose variant cannot write its body names the order and sends nothing; a query needs no body', async () => {
    const shop = await openShop();
    shop.emulator.place({ out_trade_no });
    const body = () => {
      throw new Error('the variant is broken');
    };
    const broken = { ...directVariant, body };
    expect(await ending(shop.service.close(broken, { out_trade_no }))).toMatchObject({
      name: 'OutcomeUnknownError',
      phase: 'notSent',
      order: { out_trade_no },
      attempts: 0,
    });
    expect(shop.emulator.requests).toHaveLength(0);
    expect(await ending(shop.service.query(broken, { out_trade_no }))).toMatchObject({ state: 'NOTPAY' });
    expect(await ending(shop.service.identify(broken, { out_trade_no }))).toMatchObject({ out_trade_no });
    await shop.close();
  });

  it('waits for a signature as await does, and sends none that is no text', async () => {
    class Odd extends RsaSha256Signer {
      override sign(...given: Parameters<RsaSha256Signer['sign']>): Promise<string> {
        // Nobody but `await` asks for what a promise holds without this.
        const signature = super.sign(...given);
        Reflect.set(signature, 'then', () => undefined);
        return signature;
      }
    }
    const shop = await openShop({ signers: [Odd] });
    shop.emulator.place({ out_trade_no });
    expect(await ending(shop.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED' });
    await shop.close();
  });

  it('whose HttpService fails while it is given up ends, and keeps no shutdown waiting', async () => {
    let asked = false;
    const own = {
      request: () =>
        new Observable(() => {
          asked = true;
          return () => {
            throw new Error('teardown');
          };
        }),
    };
    const shop = await openShop({ timeouts: { shutdownMs: 20_000 } }, {}, [[HttpService, own]]);
    const call = shop.service.direct({ out_trade_no }).subscribe({ error: () => {} });
    await until(() => asked);
    call.unsubscribe();
    const begun = performance.now();
    await shop.close();
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('or a query that has no options fails when it is asked, not before', async () => {
    const shop = await openShop();
    const options = {
      get merchant(): string {
        throw new Error('canary');
      },
    };
    const query = shop.service.query(directVariant, { out_trade_no }, options);
    expect(await ending(query)).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'internal' });
    await shop.close();
  });
});
