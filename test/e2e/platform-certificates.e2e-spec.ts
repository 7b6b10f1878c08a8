import { createSecretKey } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { OutcomeUnknownError, WechatPayConfigurationError, WechatPayModule } from 'nestjs-wechatpay';
import { EmulatorKeys, type Fault, type PlatformKey, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { selfSignedCertificate } from '../../lib/emulator/keys/self-signed-certificate.js';
import { MerchantRegistry } from '../../lib/merchants/merchant.registry.js';
import { PlatformKeyStore } from '../../lib/platform-keys/platform-key.store.js';
import { openProxy } from '../support/proxy.js';
import { ending, keys, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const LIST = '/v3/certificates';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Made once: each takes some tenths of a second. */
const spare = [certificateAt(Date.now()), certificateAt(Date.now())] as const;
/** A thousand calls at once take their time on a machine that is busy. */
const PATIENT = { timeouts: { connectMs: 60_000, attemptMs: 60_000, totalMs: 120_000 } };
const words: string[] = [];
let shop: TestShop;
let orders = 0;

/** The options of a shop that is given no key of WeChat Pay's. */
function bare(emulator: WechatPayEmulator, change: object = {}) {
  const [merchant] = emulator.options('download').merchants;
  if (merchant?.apiV3 === undefined) throw new Error('the emulator has no merchant');
  return { merchants: [{ ...merchant, apiV3: { ...merchant.apiV3, ...change } }] };
}

/** Opens a shop that downloads certificates. */
async function openBare(change: object = {}, options: object = {}): Promise<TestShop> {
  const model = await WechatPayEmulator.start({ keys });
  const given = bare(model, change);
  await model.stop();
  return openShop({ ...given, ...options });
}

beforeEach(async () => {
  words.length = 0;
  const keep = (message: unknown) => void words.push(String(message));
  shop = await openBare();
  Logger.overrideLogger({ log: keep, error: keep, warn: keep });
});
afterEach(async () => {
  await shop.close();
  Logger.overrideLogger(['error', 'warn', 'log']);
});

/** What the shop has downloaded. */
function certificates() {
  const { mchid = '', apiV3 } = shop.app.get(MerchantRegistry, { strict: false }).sole ?? {};
  return apiV3 && shop.app.get(PlatformKeyStore, { strict: false }).certificatesOf(mchid, apiV3, 'mainland');
}

const lists = (path = LIST) => shop.emulator.requests.filter(({ url }) => url.startsWith(path));
const closes = () => shop.emulator.requests.filter(({ url }) => url.endsWith('/close'));
const serialsSent = () =>
  closes().map(({ headers }) => headers.find(([name]) => name.toLowerCase() === 'wechatpay-serial')?.[1]);

/** Closes a new order. */
async function close(from: TestShop = shop): Promise<unknown> {
  const out_trade_no = `CERT${String(++orders).padStart(6, '0')}`;
  from.emulator.place({ out_trade_no });
  return ending(from.service.direct({ out_trade_no }));
}
const CLOSED = { state: 'CLOSED', confirmedBy: 'reply' };

describe('a merchant with nothing but its APIv3 key', () => {
  it('downloads the certificates before it sends its first close, once for all who wait', async () => {
    const ends = await Promise.all(Array.from({ length: 20 }, () => close()));
    for (const end of ends) expect(end).toMatchObject(CLOSED);
    expect(lists()).toHaveLength(1);
    expect(shop.emulator.requests[0]).toMatchObject({ url: LIST, verdict: 'verified' });
    expect(new Set(serialsSent())).toEqual(new Set([keys.platform.serial]));
  });

  it.each([
    ['global', '/v3/global/certificates'],
    ['hk', '/hk/v3/certificates'],
  ] as const)('downloads those of the %s endpoints for calls to them', async (family, path) => {
    const out_trade_no = `OVER${++orders}`;
    shop.emulator.place({ kind: 'overseas', out_trade_no });
    const { service } = shop;
    const call =
      family === 'hk' ? service.hkByOutTradeNo({ out_trade_no }) : service.globalByOutTradeNo({ out_trade_no });
    expect(await ending(call)).toMatchObject(CLOSED);
    expect([lists(path).length, lists().length]).toEqual([1, 0]);
  });

  it('downloads them through the proxy', async () => {
    const proxy = await openProxy();
    const behind = await openBare({}, { proxy: proxy.origin });
    try {
      expect(await close(behind)).toMatchObject(CLOSED);
      expect(behind.emulator.requests).toHaveLength(2);
      expect(proxy.asked.length).toBeGreaterThan(0);
    } finally {
      await behind.close();
      await proxy.close();
    }
  });

  it('goes on at the other host where failover is on', async () => {
    const other = await WechatPayEmulator.start({ keys });
    const backup = { mainland: other.url, overseas: other.url };
    const failing = await openBare({}, { failover: backup });
    failing.emulator.faults.add({ kind: 'refuse' });
    try {
      await close(failing);
      expect(other.requests[0]).toMatchObject({ url: LIST, verdict: 'verified' });
    } finally {
      await failing.close();
      await other.stop();
    }
  });

  it('refreshes them after 12 hours, give or take a tenth, without anybody waiting for it', async () => {
    await close();
    shop.emulator.clock.advance(10.7 * HOUR_MS);
    await close();
    expect(lists()).toHaveLength(1);
    shop.emulator.clock.advance(2.6 * HOUR_MS);
    let held = () => {};
    const wait = new Promise<undefined>((resolve) => (held = () => resolve(undefined)));
    shop.emulator.afterSigning((_, { request }) => (request.url === LIST ? wait : undefined));
    expect(await close()).toMatchObject(CLOSED);
    held();
    expect(lists()).toHaveLength(2);
  });

  it('has them refreshed while it rests, for a day', async () => {
    await close();
    const store = shop.app.get(PlatformKeyStore, { strict: false });
    shop.emulator.clock.advance(14 * HOUR_MS);
    store.refreshDue();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lists()).toHaveLength(2);
    shop.emulator.clock.advance(14 * HOUR_MS);
    store.refreshDue();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lists()).toHaveLength(2);
  });
});

describe('where nothing can be downloaded at first', () => {
  const broken: readonly (readonly [string, Fault, RegExp])[] = [
    ['404', { kind: 'certificates', make: 'missing' }, /404.*give publicKeys/],
    ['an empty list', { kind: 'certificates', make: 'empty' }, /no certificate/],
    ['another APIv3 key', { kind: 'certificates', make: 'wrongKey' }, /apiV3Key is not the one of/],
    ['a flipped bit', { kind: 'certificates', make: 'tampered' }, /cannot be decrypted/],
    ['another serial', { kind: 'certificates', make: 'serialMismatch' }, /has the serial number/],
    ['an expired certificate', { kind: 'certificates', make: 'expired' }, /valid at this machine's time/],
    ['one of the future', { kind: 'certificates', make: 'notYetValid' }, /valid at this machine's time/],
    ['a key of 1024 bits', { kind: 'certificates', make: 'weakKey' }, /RSA key of 1024 bits/],
    ['HTML', { kind: 'html', status: 200 }, /HTTP 200/],
    ['no signature', { kind: 'unsigned' }, /not proven/],
    ['a forged signature', { kind: 'wrongSignature' }, /not proven/],
    ['an unknown serial', { kind: 'unknownSerial' }, /neither believed nor in the list/],
  ];
  it.each(broken)(
    '%s: nothing is sent, the error says why, and the next download waits a minute',
    async (_, fault, why) => {
      shop.emulator.faults.add({ ...fault, when: { path: LIST } });
      const error = await close();
      expect(error).toBeInstanceOf(OutcomeUnknownError);
      expect(error).toMatchObject({ phase: 'notSent', reason: 'certificates', message: expect.stringMatching(why) });
      expect(closes()).toHaveLength(0);
      shop.emulator.faults.clear();
      expect(await close()).toMatchObject({ phase: 'notSent', reason: 'certificates' });
      expect(lists()).toHaveLength(1);
      shop.emulator.clock.advance(MINUTE_MS);
      expect(await close()).toMatchObject(CLOSED);
      expect(words.join('\n')).toMatch(why);
      expect(words.join('\n')).toContain('were downloaded again');
    },
  );

  it('trouble that may pass is met with another try at each call', async () => {
    shop.emulator.faults.add({ kind: 'systemError', when: { path: LIST, times: 1 } });
    expect(await close()).toMatchObject({ phase: 'notSent', reason: 'serverError' });
    expect(await close()).toMatchObject(CLOSED);
  });

  it('a retry of the call is enough after a passing fault', async () => {
    const patient = await openBare({}, { retry: { attempts: 3, baseMs: 1, maxMs: 2 } });
    patient.emulator.faults.add({ kind: 'refuse', when: { path: LIST, times: 3 } });
    expect(await close(patient)).toMatchObject({ ...CLOSED, attempts: 2 });
    await patient.close();
  });

  it('a host that does not answer ends the call within its deadline, unsent', async () => {
    const hasty = await openBare({}, { timeouts: { attemptMs: 200, totalMs: 5_000 } });
    hasty.emulator.faults.add({ kind: 'stall', at: 'headers', when: { path: LIST } });
    expect(await close(hasty)).toMatchObject({ phase: 'notSent', reason: 'timeout' });
    await hasty.close();
  });
});

describe('at start', () => {
  it('downloads before the application starts, if it shall', async () => {
    const eager = await openBare({ downloadCertificates: { atStart: ['mainland', 'hk'] } });
    expect(eager.emulator.requests.map(({ url }) => url).toSorted()).toEqual(['/hk/v3/certificates', LIST]);
    expect(await close(eager)).toMatchObject(CLOSED);
    expect(eager.emulator.requests).toHaveLength(3);
    await eager.close();
  });

  it('does not start where they cannot be had, and says what to mend', async () => {
    const change = { apiV3Key: 'x'.repeat(32), downloadCertificates: { atStart: ['mainland'] } };
    const options = { ...shop.emulator.options(), ...bare(shop.emulator, change) };
    const module = await Test.createTestingModule({ imports: [WechatPayModule.forRoot(options)] }).compile();
    const error = await module.init().catch((reason: unknown) => reason);
    await module.close();
    expect(error).toBeInstanceOf(WechatPayConfigurationError);
    expect((error as WechatPayConfigurationError).issues).toEqual([
      {
        option: 'merchants[0].apiV3.downloadCertificates',
        problem: expect.stringMatching(/^brought no platform certificates \(mainland\): .*apiV3Key is not the one of/),
      },
    ]);
  });
});

describe('rows 40 to 43', () => {
  const failing: readonly (readonly [string, Fault])[] = [
    ['404', { kind: 'certificates', make: 'missing' }],
    ['500', { kind: 'systemError' }],
    ['HTML', { kind: 'html' }],
    ['an empty list', { kind: 'certificates', make: 'empty' }],
    ['another APIv3 key', { kind: 'certificates', make: 'wrongKey' }],
    ['another serial', { kind: 'certificates', make: 'serialMismatch' }],
    ['an expired certificate', { kind: 'certificates', make: 'expired' }],
    ['a flipped bit', { kind: 'certificates', make: 'tampered' }],
    ['a forged signature', { kind: 'wrongSignature' }],
    ['a lost connection', { kind: 'reset', at: 'beforeHeaders' }],
  ];
  it.each(failing)('42: a refresh that brings %s keeps the keys at hand', async (_, fault) => {
    expect(await close()).toMatchObject(CLOSED);
    shop.emulator.faults.add({ ...fault, when: { path: LIST } });
    shop.emulator.clock.advance(14 * HOUR_MS);
    expect(await close()).toMatchObject(CLOSED);
    await certificates()?.refresh();
    expect(lists().length).toBeGreaterThan(1);
    expect(await close()).toMatchObject(CLOSED);
    expect(words.join('\n')).toContain('Those at hand stay in use.');
  });

  it('42: so does a certificate that has expired, until there is a newer one', async () => {
    await close();
    shop.emulator.faults.add({ kind: 'certificates', make: 'expired', when: { path: LIST } });
    shop.emulator.clock.advance(5 * 365 * 24 * HOUR_MS);
    expect(await close()).toMatchObject(CLOSED);
    // The one that this close began must not be taken for the one below.
    await certificates()?.refresh();
    shop.emulator.faults.clear();
    shop.emulator.clock.advance(2 * HOUR_MS);
    const certificate = certificateAt(shop.emulator.clock.now());
    shop.emulator.rotateCertificate({ certificate, signs: 'old' });
    await certificates()?.refresh();
    expect(await close()).toMatchObject({ name: 'OutcomeUnknownError', phase: 'verify', reason: 'serial' });
    shop.emulator.retireCertificates();
    expect(await close()).toMatchObject(CLOSED);
  });

  it.each(['__proto__', 'constructor', keys.platform.serial.toLowerCase(), 'PUB_KEY_ID_0123', 'serial'])(
    '40: the serial %s is not believed and asks for no refresh',
    async (serial) => {
      await close();
      shop.emulator.afterSigning((reply, { sign }) => sign(reply, { serial }));
      expect(await close()).toMatchObject({ phase: 'verify', reason: 'serial' });
      expect(lists()).toHaveLength(1);
    },
  );

  it('40: an unknown serial asks for one refresh, and is remembered as unknown for five minutes', async () => {
    await close();
    const serial = 'AB'.repeat(20);
    const undo = shop.emulator.afterSigning((reply, { request, sign }) =>
      request.url === LIST ? undefined : sign(reply, { serial }),
    );
    for (const [afterMs, requests] of [
      [0, 2],
      [61_000, 2],
      [3 * MINUTE_MS, 2],
      [2 * MINUTE_MS, 3],
    ] as const) {
      shop.emulator.clock.advance(afterMs);
      expect(await close()).toMatchObject({ phase: 'verify', reason: 'serial' });
      expect([afterMs, lists().length]).toEqual([afterMs, requests]);
    }
    undo();
    expect(await close()).toMatchObject(CLOSED);
  });

  it('43: a thousand replies with random serials cause one refresh at most', async () => {
    await shop.close();
    shop = await openBare({}, PATIENT);
    await close();
    let serial = 0;
    shop.emulator.afterSigning((reply, { request, sign }) =>
      request.url === LIST
        ? undefined
        : sign(reply, { serial: (++serial).toString(16).toUpperCase().padStart(40, 'A') }),
    );
    const ends = await Promise.all(Array.from({ length: 1_000 }, () => close()));
    for (const end of ends) expect(end).toMatchObject({ phase: 'verify', reason: 'serial', authenticated: false });
    expect(lists()).toHaveLength(2);
  }, 60_000);

  it('41: a certificate that is new between request and reply is fetched, and the old one is believed still', async () => {
    await close();
    shop.emulator.rotateCertificate({ signs: 'both', certificate: spare[0] });
    for (let count = 0; count < 6; count++) expect(await close()).toMatchObject(CLOSED);
    expect(lists()).toHaveLength(2);
    expect(serialsSent().at(-1)).toBe(spare[0].serial);
    shop.emulator.retireCertificates();
    expect(await close()).toMatchObject(CLOSED);
  });

  it('41: a list that was asked for before the rotation does not make the new certificate an unknown one', async () => {
    await close();
    shop.emulator.clock.advance(14 * HOUR_MS);
    let release = () => {};
    const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
    shop.emulator.afterSigning((_, { request }) => (request.url === LIST && lists().length === 2 ? held : undefined));
    expect(await close()).toMatchObject(CLOSED);
    shop.emulator.rotateCertificate({ certificate: spare[0] });
    const end = close();
    await until(() => closes().length === 3 && closes().every(({ reply }) => reply !== undefined));
    release();
    expect(await end).toMatchObject(CLOSED);
    expect(lists()).toHaveLength(3);
  });
});

describe('the keys beside a merchant', () => {
  it('are kept when it is read anew, and downloaded anew for another APIv3 key, merchant or region', async () => {
    await close();
    const store = shop.app.get(PlatformKeyStore, { strict: false });
    const { mchid = '', apiV3 } = shop.app.get(MerchantRegistry, { strict: false }).sole ?? {};
    if (apiV3?.download === undefined) throw new Error('nothing is downloaded');
    const own = store.certificatesOf(mchid, apiV3, 'mainland');
    expect(own?.newestSerial).toBe(keys.platform.serial);
    const reread = { ...apiV3, serialNo: 'AA', download: { ...apiV3.download } };
    expect(store.certificatesOf(mchid, reread, 'mainland')).toBe(own);
    const apiV3Key = createSecretKey(Buffer.alloc(32, 'x'));
    const rekeyed = { ...apiV3, download: { ...apiV3.download, apiV3Key } };
    const others = [
      store.certificatesOf(mchid, rekeyed, 'mainland'),
      store.certificatesOf(`${mchid}0`, apiV3, 'mainland'),
      store.certificatesOf(mchid, apiV3, 'hk'),
    ];
    expect(others.map((other) => other?.believed)).toEqual([[], [], []]);
    expect(new Set([own, ...others]).size).toBe(4);
    store.drop(mchid);
    expect(store.certificatesOf(mchid, apiV3, 'mainland')).not.toBe(own);
    expect(store.certificatesOf(`${mchid}0`, apiV3, 'mainland')).toBe(others[1]);
    expect(own?.newestSerial).toBe(keys.platform.serial);
  });
});

describe('a rotation amid a thousand closes', () => {
  it.each(['new', 'both'] as const)(
    'fails none of them and believes none wrongly, with %s signing',
    async (signs) => {
      await shop.close();
      shop = await openBare({}, PATIENT);
      await close();
      let replies = 0;
      const forged: string[] = [];
      shop.emulator.beforeSigning(() => {
        if (++replies === 500) shop.emulator.rotateCertificate({ signs, certificate: spare[0] });
      });
      shop.emulator.afterSigning((reply, { request, sign }) => {
        if (request.url === LIST || request.id % 10 !== 0) return undefined;
        forged.push(request.url);
        return sign(reply, { privateKey: spare[1].privateKey, serial: spare[0].serial });
      });
      const numbers = Array.from({ length: 1_000 }, (_, index) => `ROT${signs}${String(index).padStart(5, '0')}`);
      const ends = await Promise.all(
        numbers.map(async (out_trade_no) => {
          shop.emulator.place({ out_trade_no });
          const end = await ending(shop.service.direct({ out_trade_no }));
          const wasForged = forged.some((url) => url.includes(out_trade_no));
          return { state: (end as { state?: string }).state, reason: (end as { reason?: string }).reason, wasForged };
        }),
      );
      const believed = ends.filter(({ wasForged }) => wasForged);
      expect(believed.length).toBeGreaterThan(50);
      expect(new Set(believed.map(({ reason }) => reason))).toEqual(new Set(['signature']));
      expect(ends.filter(({ wasForged, state }) => !wasForged && state !== 'CLOSED')).toEqual([]);
      expect(lists()).toHaveLength(2);
    },
    60_000,
  );
});

/** A certificate that is valid from a time on. */
function certificateAt(now: number): PlatformKey {
  const { privateKey, serial } = EmulatorKeys.generate().platform;
  const content = { privateKey, serialNo: serial, commonName: 'test', organization: 'test' };
  const [notBefore, notAfter] = [new Date(now - HOUR_MS), new Date(now + 1_000 * HOUR_MS)];
  return { privateKey, serial, certificate: selfSignedCertificate({ ...content, notBefore, notAfter }) };
}
