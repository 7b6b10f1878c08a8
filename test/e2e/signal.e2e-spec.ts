import { Injectable, type Type } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RsaSha256Signer, Signer, type SigningIdentity } from 'nestjs-wechatpay';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const RSA = 'WECHATPAY2-SHA256-RSA2048';
const HMAC = 'HMAC-SHA256';

let asked: AbortSignal[] = [];
let shop: TestShop | undefined;
afterEach(async () => {
  asked = [];
  await shop?.close();
  shop = undefined;
});

/** A signer that keeps the signals it is given, and then does as it is told. */
const signerOf = (scheme: string, then: (signal: AbortSignal) => string | Promise<string>): Type<Signer> => {
  @Injectable()
  class WatchingSigner extends Signer {
    readonly scheme = scheme;
    sign(_: string, { signal }: SigningIdentity) {
      if (signal === undefined) throw new Error('no signal');
      asked.push(signal);
      return then(signal);
    }
  }
  return WatchingSigner;
};

/** Never answers; fails when it is told to stop, as `fetch` does. */
const stuck = (signal: AbortSignal) =>
  new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(new Error('canary'))));

const close = (open: TestShop, scheme: typeof RSA | typeof HMAC) =>
  scheme === RSA
    ? open.service.direct({ out_trade_no: 'SIGNAL0001' })
    : open.service.v2({ out_trade_no: 'SIGNAL0001', sign_type: 'HMAC-SHA256' });

describe.each([RSA, HMAC] as const)('the signal that a signer of %s is given', (scheme) => {
  it('is aborted when the attempt has taken too long', async () => {
    shop = await openShop({ timeouts: { attemptMs: 30 }, signers: [signerOf(scheme, stuck)] });
    const error = await ending(close(shop, scheme));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'signer' });
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
    expect(shop.emulator.requests).toHaveLength(0);
  });

  it('is aborted when the caller unsubscribes', async () => {
    shop = await openShop({ signers: [signerOf(scheme, stuck)] });
    const subscription = close(shop, scheme).subscribe();
    await until(() => asked.length === 1);
    expect(asked.map(({ aborted }) => aborted)).toEqual([false]);
    subscription.unsubscribe();
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('is aborted when the application shuts down', async () => {
    shop = await openShop({ timeouts: { shutdownMs: 0 }, signers: [signerOf(scheme, stuck)] });
    const ended = ending(close(shop, scheme));
    await until(() => asked.length === 1);
    await shop.app.close();
    expect(await ended).toMatchObject({ name: 'OutcomeUnknownError', reason: 'shutdown' });
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('is left alone once there is a signature, or an error', async () => {
    shop = await openShop({ signers: [signerOf(scheme, () => 'ABCD')] });
    await ending(close(shop, scheme));
    await shop.close();
    shop = await openShop({ signers: [signerOf(scheme, () => Promise.reject(new Error('canary')))] });
    expect(await ending(close(shop, scheme))).toMatchObject({ reason: 'signer' });
    expect(asked.map(({ aborted }) => aborted)).toEqual([false, false]);
  });
});

it('a signer that keeps silent says nothing of WeChat Pay, and moves no traffic to the backup host', async () => {
  const backup = await openShop();
  let isStuck = true;
  @Injectable()
  class MoodySigner extends RsaSha256Signer {
    override sign(message: string, identity: SigningIdentity): Promise<string> {
      return isStuck && identity.signal !== undefined ? stuck(identity.signal) : super.sign(message, identity);
    }
  }
  try {
    shop = await openShop({
      signers: [MoodySigner],
      timeouts: { attemptMs: 200 },
      failover: { mainland: backup.emulator.url, overseas: backup.emulator.url },
    });
    const { service, emulator } = shop;
    for (let n = 0; n < 6; n++) await ending(service.direct({ out_trade_no: `SIGNAL100${n}` }));
    isStuck = false;
    emulator.place({ out_trade_no: 'SIGNAL0001' });
    expect(await ending(service.direct({ out_trade_no: 'SIGNAL0001' }))).toMatchObject({ state: 'CLOSED' });
    expect(backup.emulator.requests).toHaveLength(0);
  } finally {
    await backup.close();
  }
});
