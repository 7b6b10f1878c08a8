import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, type Type } from '@nestjs/common';
import {
  directVariant,
  OutcomeUnknownError,
  RsaSha256Signer,
  Signer,
  type SigningIdentity,
  v2Variant,
  Verifier,
} from 'nestjs-wechatpay';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';

import { ending, openShop, type TestShop } from '../support/test-shop.js';

/** What one exchange makes of one reply, in each API; the rest of a close is tested elsewhere. */

const out_trade_no = 'EXCHANGE01';
let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => {
  shop.emulator.reset();
  Reflect.deleteProperty(shop.clock, 'stoppedAt');
});
afterAll(() => shop.close());

const direct = (opened = shop) => ending(opened.service.direct({ out_trade_no }));
const v2 = (request: object = {}, opened = shop) => ending(opened.service.v2({ out_trade_no, ...request }));
const rewrite = (change: (reply: EmulatorReply) => Partial<EmulatorReply>) =>
  shop.emulator.afterSigning((reply) => ({ ...reply, ...change(reply) }));
const rewriteXml = (change: (xml: string) => string) =>
  rewrite(({ body }) => ({ body: Buffer.from(change(body.toString())) }));
const headersOf = (index = 0) => new Map(shop.emulator.requests[index]?.headers);
const doubt = (reason: string) => ({ name: 'OutcomeUnknownError', phase: 'verify', reason, authenticated: false });

/** The reply that closed an order, to serve it again. */
async function recorded(close: () => Promise<unknown>): Promise<EmulatorReply> {
  shop.emulator.place({ out_trade_no });
  expect(await close()).toMatchObject({ state: 'CLOSED', confirmedBy: 'reply' });
  const reply = shop.emulator.requests[0]?.reply;
  if (reply === undefined) throw new Error('nothing was recorded');
  return reply;
}

describe('an APIv3 exchange', () => {
  it("posts a close as JSON, signed, and says which of WeChat Pay's keys it believes", async () => {
    shop.emulator.place({ out_trade_no });
    expect(await direct()).toMatchObject({ state: 'CLOSED' });
    const [{ method, verdict, body } = {}] = shop.emulator.requests;
    expect({ method, verdict, body: body?.toString() }).toEqual({
      method: 'POST',
      verdict: 'verified',
      body: '{"mchid":"1900000109"}',
    });
    expect(Object.fromEntries(headersOf())).toMatchObject({
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      'Content-Type': 'application/json',
      'User-Agent': expect.stringContaining('nestjs-wechatpay/'),
      'Wechatpay-Serial': shop.emulator.keys.publicKey.serial,
    });
  });

  it('gets a query, signed, without a body', async () => {
    shop.emulator.place({ out_trade_no });
    expect(await ending(shop.service.query(directVariant, { out_trade_no }))).toMatchObject({ state: 'NOTPAY' });
    const [{ method, verdict, body } = {}] = shop.emulator.requests;
    expect([method, verdict, body?.byteLength]).toEqual(['GET', 'verified', 0]);
    expect([...headersOf().keys()].filter((name) => /^content-/i.test(name))).toEqual([]);
  });

  it('believes a reply once', async () => {
    const reply = await recorded(direct);
    rewrite(() => reply);
    expect(await direct()).toMatchObject({ ...doubt('replay'), hint: { outcome: 'closed' } });
  });

  it('believes no reply that is not signed, or not right', async () => {
    shop.emulator.place({ out_trade_no });
    const undo = rewrite(({ headers }) => ({ headers: headers.filter(([name]) => !/^wechatpay-/i.test(name)) }));
    expect(await direct()).toMatchObject({ ...doubt('unsigned'), hint: { outcome: 'closed' } });
    undo();
    rewrite(() => ({ status: 200, body: Buffer.from('{}') }));
    expect(await direct()).toMatchObject(doubt('signature'));
  });

  it.each([
    ['PUB_KEY_ID_0', true],
    [`PUB_KEY_ID_${'0'.repeat(40)}`, true],
    [`PUB_KEY_ID_${'0'.repeat(41)}`, false],
    ['PUB_KEY_ID_', false],
    ['PUB_KEY_ID_A', false],
    ['XPUB_KEY_ID_0', false],
    ['PUB_KEY_ID_0X', false],
    ['89ABCDEF', true],
    ['0'.repeat(40), true],
    ['9ABCDEF', false],
    ['0'.repeat(41), false],
    ['89abcdef', false],
    ['__proto__', false],
  ])('believes no reply of serial %s, and repeats it where it is one: %p', async (serial, isRepeated) => {
    shop.emulator.afterSigning((reply, { sign }) => sign(reply, { serial }));
    const error = await direct();
    expect(error).toMatchObject(doubt('serial'));
    expect(String(error).includes(`is not configured; add ${serial}. `)).toBe(isRepeated);
    expect(String(error).includes('is not configured. ')).toBe(!isRepeated);
  });

  it('keeps what the answer says of waiting and of the time', async () => {
    shop.emulator.beforeSigning(() => ({ status: 429, body: { code: 'FREQUENCY_LIMITED' } }));
    const error = await direct();
    expect(error).toMatchObject({ reason: 'rateLimited', authenticated: true });
    expect(error).not.toHaveProperty('retryAfterMs');
    expect(error).not.toHaveProperty('clockSkew');
    const date = new Date(shop.emulator.clock.now() - 120_000).toUTCString();
    rewrite(({ headers }) => ({
      headers: [...headers.filter(([name]) => name.toLowerCase() !== 'date'), ['Date', date], ['Retry-After', '3']],
    }));
    const { retryAfterMs, clockSkew } = Object(await direct());
    expect(retryAfterMs).toBe(3_000);
    expect(clockSkew).toBeGreaterThan(110);
    expect(clockSkew).toBeLessThan(130);
  });

  it('reads when to ask again as a date', async () => {
    shop.clock.stoppedAt = Math.floor(shop.emulator.clock.now() / 1_000) * 1_000;
    const later = new Date(shop.clock.stoppedAt + 4_000).toUTCString();
    rewrite(({ headers }) => ({ status: 503, headers: [...headers, ['Retry-After', later]] }));
    expect(await direct()).toMatchObject({ retryAfterMs: 4_000 });
  });

  it('does not let its own signature come back in an error', async () => {
    shop.emulator.afterSigning((reply, { request }) => {
      const authorization = request.headers.find(([name]) => name === 'Authorization')?.[1] ?? '';
      const message = /signature="([^"]+)"/.exec(authorization)?.[1];
      return { ...reply, status: 400, body: Buffer.from(JSON.stringify({ code: 'PARAM_ERROR', message })) };
    });
    expect(await direct()).toMatchObject({ description: expect.stringMatching(/^\[redacted/) });
  });
});

describe('an APIv2 exchange', () => {
  it('posts a close as XML, signed', async () => {
    shop.emulator.place({ out_trade_no });
    expect(await v2()).toMatchObject({ state: 'CLOSED' });
    const [{ method, verdict, body } = {}] = shop.emulator.requests;
    expect([method, verdict]).toEqual(['POST', 'verified']);
    expect(Object.fromEntries(headersOf())).toMatchObject({
      Accept: 'text/xml, application/xml',
      'Accept-Encoding': 'identity',
      'Content-Type': 'text/xml; charset=utf-8',
    });
    expect(body?.toString()).toContain('<sign_type><![CDATA[HMAC-SHA256]]></sign_type>');
    expect(body?.toString()).toMatch(/<nonce_str><!\[CDATA\[[0-9A-Za-z]{16,32}\]\]><\/nonce_str>/);
    expect(body?.toString()).not.toMatch(/undefined|sub_mch_id/);
  });

  it('leaves out what is given as undefined', async () => {
    shop.emulator.place({ out_trade_no });
    expect(await v2({ sub_mch_id: undefined, nonce_str: undefined })).toMatchObject({ state: 'CLOSED' });
    expect(shop.emulator.requests[0]?.body.toString()).not.toMatch(/undefined|sub_mch_id/);
  });

  it('posts a query as XML, signed', async () => {
    shop.emulator.place({ out_trade_no });
    expect(await ending(shop.service.query(v2Variant, { out_trade_no }))).toMatchObject({ state: 'NOTPAY' });
    expect(shop.emulator.requests[0]?.verdict).toBe('verified');
  });

  it('keeps the nonce and the scheme that are given', async () => {
    shop.emulator.place({ out_trade_no });
    expect(await v2({ nonce_str: 'given', sign_type: 'MD5' })).toMatchObject({ state: 'CLOSED' });
    const sent = shop.emulator.requests[0]?.body.toString();
    expect(sent).toContain('<nonce_str><![CDATA[given]]></nonce_str>');
    expect(sent).toContain('<sign_type><![CDATA[MD5]]></sign_type>');
    expect(shop.emulator.requests[0]?.verdict).toBe('verified');
  });

  it('believes a reply once, for each merchant', async () => {
    const reply = await recorded(v2);
    rewrite(() => reply);
    expect(await v2()).toMatchObject({ ...doubt('replay'), hint: { outcome: 'closed' } });
  });

  it.each([
    ['is no XML', '<html>', 'shape'],
    ['is empty', '', 'shape'],
  ])('believes no reply that %s', async (_, body, reason) => {
    rewrite(() => ({ body: Buffer.from(body) }));
    const error = await v2();
    expect(error).toMatchObject({ ...doubt(reason), status: 200 });
    expect(error).not.toHaveProperty('hint');
  });

  it.each([
    ['is not signed', (xml: string) => xml.replace(/<sign>.*<\/sign>/, ''), 'unsigned'],
    ['has an empty sign', (xml: string) => xml.replace(/<sign>.*<\/sign>/, '<sign></sign>'), 'unsigned'],
    ['has another sign', (xml: string) => xml.replace(/<sign>.*<\/sign>/, '<sign>A</sign>'), 'signature'],
    ['was changed', (xml: string) => xml.replace('SUCCESS', 'SUCCESS '), 'signature'],
  ])('believes no reply that %s', async (_, change, reason) => {
    shop.emulator.place({ out_trade_no });
    rewriteXml(change);
    expect(await v2()).toMatchObject({ ...doubt(reason), status: 200 });
  });

  it('believes no reply to another merchant, and takes it for a hint', async () => {
    shop.emulator.place({ out_trade_no });
    shop.emulator.beforeSigning((answer) =>
      'fields' in answer ? { fields: { ...answer.fields, mch_id: '1900000110' } } : answer,
    );
    expect(await v2()).toMatchObject({ ...doubt('identity'), hint: { outcome: 'closed' } });
  });

  it('does not let its own signature come back in an error', async () => {
    shop.emulator.afterSigning((reply, { request }) => {
      const sign = /<sign><!\[CDATA\[(.*?)\]/.exec(request.body.toString())?.[1] ?? '';
      const body = `<xml><return_code>FAIL</return_code><return_msg>${sign}</return_msg></xml>`;
      return { ...reply, body: Buffer.from(body) };
    });
    expect(await v2()).toMatchObject({ description: expect.stringMatching(/^\[redacted/) });
  });
});

const never = new Promise<never>(() => {});

function stuckSigner(scheme: string): Type<Signer> {
  @Injectable()
  class StuckSigner extends Signer {
    readonly scheme = scheme;
    sign = () => never;
  }
  return StuckSigner;
}

function stuckVerifier(scheme: string): Type<Verifier> {
  @Injectable()
  class StuckVerifier extends Verifier {
    readonly scheme = scheme;
    matches = () => never;
  }
  return StuckVerifier;
}

const SCHEMES = ['WECHATPAY2-SHA256-RSA2048', 'HMAC-SHA256'];

describe('code of the application that never answers', () => {
  it.each([
    ['signers', { signers: SCHEMES.map(stuckSigner) }, 50, 'notSent', 'signer', 'There was no signature within 50 ms.'],
    [
      'verifiers',
      { verifiers: SCHEMES.map(stuckVerifier) },
      // The reply has to come in time, on a busy machine, too.
      500,
      'verify',
      'verifier',
      'There was no verdict within 500 ms.',
    ],
  ])('%s: is not waited for', async (_, change, attemptMs, phase, reason, words) => {
    const stuck = await openShop({ timeouts: { attemptMs }, ...change });
    stuck.emulator.place({ out_trade_no });
    for (const end of [await direct(stuck), await v2({}, stuck)]) {
      expect(end).toMatchObject({ name: 'OutcomeUnknownError', phase, reason });
      expect(String(end)).toContain(words);
    }
    expect(stuck.emulator.requests).toHaveLength(phase === 'notSent' ? 0 : 2);
    await stuck.close();
  });
});

it('a signer that holds the keys is asked without one', async () => {
  const asked: SigningIdentity[] = [];

  @Injectable()
  class Vault extends RsaSha256Signer {
    override readonly holdsKey = true;
    override sign(_: string, identity: SigningIdentity): Promise<string> {
      asked.push(identity);
      return Promise.resolve('c2ln');
    }
  }
  const { mchid, apiV3 } = shop.emulator.options('both').merchants[0] ?? {};
  if (mchid === undefined || apiV3 === undefined) throw new Error('the emulator gives a merchant');
  const { privateKey: _, ...rest } = apiV3;
  const hosts = shop.emulator.options('both').hosts ?? {};
  const vault = await openShop({ merchants: [{ mchid, apiV3: rest }], hosts, signers: [Vault] });
  expect(await direct(vault)).toMatchObject({ name: 'RequestRefusedError', code: 'SIGN_ERROR' });
  expect(asked.map(({ signal: __, ...identity }) => identity)).toStrictEqual([{ mchid, serialNo: apiV3.serialNo }]);
  await vault.close();
});

it.each([
  ['APIv3', () => direct(), 2],
  ['APIv2', () => v2(), 1],
])('%s: a clock that fails in the middle ends an exchange as what nobody foresaw', async (_, close, least) => {
  shop.emulator.place({ out_trade_no });
  const ends: unknown[] = [];
  for (let reads = 0; reads < 8; reads++) {
    let left = reads;
    Object.defineProperty(shop.clock, 'stoppedAt', {
      configurable: true,
      get: () => {
        if (left-- === 0) throw new RangeError('canary');
        return undefined;
      },
    });
    ends.push(await close());
    Reflect.deleteProperty(shop.clock, 'stoppedAt');
  }
  const unforeseen = ends.filter((end) => end instanceof OutcomeUnknownError);
  expect(unforeseen.length).toBeGreaterThanOrEqual(least);
  for (const end of unforeseen) {
    expect(end.reason).toBe('internal');
    expect(end.message).toContain('(RangeError)');
  }
});
