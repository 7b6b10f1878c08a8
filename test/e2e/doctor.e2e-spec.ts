import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type Finding, type MerchantOptions, Signer, WechatPayDoctor } from 'nestjs-wechatpay';
import { type EmulatorReply, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { openProxy } from '../support/proxy.js';
import { keys, openShop, type TestShop } from '../support/test-shop.js';
import { openTlsFront } from '../support/tls-front.js';

const mchid = '1900000109';
const ECHO = '/v3/security/echo';
const CERTIFICATES = '/v3/certificates';
const NOWHERE = 'http://127.0.0.1:1';
let base: WechatPayEmulator;
let shop: TestShop;
beforeAll(async () => {
  // Emulators of this file share their keys, so that this one knows those of all others.
  base = await WechatPayEmulator.start({ keys });
});
afterEach(async () => {
  await shop.close();
  base.reset();
});
afterAll(() => base.stop());

type Change = (merchant: MerchantOptions) => object;

/** Opens a shop whose merchant is changed, and lets the doctor ask. */
async function examined(
  change: Change = () => ({}),
  options: Parameters<typeof openShop>[0] = {},
  before: (shop: TestShop) => void = () => {},
): Promise<readonly Finding[]> {
  const merchants = base.options('both').merchants.map((merchant) => ({ ...merchant, ...change(merchant) }));
  shop = await openShop({ merchants, timeouts: { connectMs: 2_000, attemptMs: 4_000 }, ...options });
  before(shop);
  return shop.app.get(WechatPayDoctor).examine({ online: true });
}

const withV3 =
  (change: object): Change =>
  ({ apiV3 }) => ({ apiV2: undefined, apiV3: { ...apiV3, ...change } });
const v3Alone: Change = withV3({});
const v2Alone: Change = () => ({ apiV3: undefined });
const changed = (path: string, rewrite: (reply: EmulatorReply) => EmulatorReply | 'drop') => (at: TestShop) =>
  void at.emulator.afterSigning((reply, { request }) => (request.url.startsWith(path) ? rewrite(reply) : undefined));
const codesOf = (findings: readonly Finding[]) => findings.map(({ severity, code }) => [severity, code]);
const otherKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

describe('the doctor, asking WeChat Pay', () => {
  it('proves signing and verification both ways, for either API, and touches no order', async () => {
    expect(await examined()).toEqual(
      ['APIv3', 'APIv2'].map((api) => ({
        severity: 'info',
        code: 'selfTestPassed',
        merchant: mchid,
        message: `${api} signing and verification work both ways for merchant ${mchid} at ${shop.emulator.url}.`,
        remedy: '',
      })),
    );
    expect(shop.emulator.requests.map(({ method, url, verdict }) => `${method} ${url} ${verdict}`)).toEqual([
      `POST ${ECHO} verified`,
      'POST /pay/orderquery verified',
    ]);
    expect(shop.emulator.orders).toEqual([]);
  });

  it('asks nobody unless it is told to', async () => {
    shop = await openShop();
    expect(await shop.app.get(WechatPayDoctor).examine()).toEqual([]);
    expect(shop.emulator.requests).toEqual([]);
  });

  it.each<[string, Change, string, RegExp, RegExp]>([
    [
      'a private key that is not that of the serial number',
      withV3({ privateKey: otherKey().privateKey }),
      'signatureRefused',
      /refuses the APIv3 signature of merchant 1900000109 \(SIGN_ERROR: the signature does not match\): serialNo, privateKey and mchid do not belong together/,
      /openssl x509 .* -noout -serial/,
    ],
    [
      'a wrong serial number',
      withV3({ serialNo: 'AB' }),
      'signatureRefused',
      /serial_no is not that/,
      /apiclient_cert/,
    ],
    [
      'an APIv2 key of another merchant',
      () => ({ apiV3: undefined, apiV2: { key: 'x'.repeat(32) } }),
      'signatureRefused',
      /refuses the APIv2 signature of merchant 1900000109 \(SIGNERROR.*\): APIv2 key, mchid and appid/,
      /Copy the APIv2 key again/,
    ],
    [
      'another public key under the right id',
      (merchant) =>
        withV3({ certificates: [], publicKeys: { [base.credentials.publicKey.id]: otherKey().publicKey } })(merchant),
      'wrongPlatformKey',
      /does not match the key that is configured for it/,
      /Copy the public key and its id together again/,
    ],
    [
      'a public key before the change to it has begun',
      withV3({ certificates: [], publicKeys: { PUB_KEY_ID_0000: otherKey().publicKey } }),
      'serialUnknown',
      /signs its answers to merchant 1900000109 with a platform certificate that is not configured\..*add [0-9A-F]{40}/,
      /Begin the change to the public key/,
    ],
  ])('finds %s', async (_, change, code, message, remedy) => {
    expect(await examined(change)).toEqual([
      {
        severity: 'error',
        code,
        merchant: mchid,
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(remedy),
      },
    ]);
  });

  it('finds a public key that signs and is not configured', async () => {
    const signAsNewKey = (at: TestShop) =>
      void at.emulator.afterSigning((reply, { sign }) => sign(reply, { serial: 'PUB_KEY_ID_0119000001092026' }));
    const [finding] = await examined(v3Alone, {}, signAsNewKey);
    expect(finding).toMatchObject({
      code: 'serialUnknown',
      message: expect.stringContaining('with the public key PUB_KEY_ID_0119000001092026, which is not configured'),
      remedy: expect.stringContaining('Add it under publicKeys'),
    });
  });

  it.each([
    [-400, 'error', /clock is 400 s behind WeChat Pay's, so that every signature is refused; 300 s are allowed/],
    [400, 'error', /clock is 400 s ahead of/],
    [120, 'warning', /clock is 120 s ahead of WeChat Pay's; 300 s are allowed/],
  ])(
    'finds a clock that is %d s off, and says nothing more of what follows from it',
    async (seconds, severity, message) => {
      Logger.overrideLogger(false);
      const findings = await examined(v3Alone, {}, (at) => {
        const now = Math.floor(Date.now() / 1_000) * 1_000;
        at.emulator.clock.set(new Date(now));
        at.clock.stoppedAt = now + seconds * 1_000;
      });
      Logger.overrideLogger(['error', 'warn', 'log']);
      expect(findings[0]).toMatchObject({
        severity,
        code: 'clockSkew',
        message: expect.stringMatching(message),
        remedy: expect.stringContaining('NTP'),
      });
      expect(codesOf(findings.slice(1))).toEqual(severity === 'error' ? [] : [['info', 'selfTestPassed']]);
    },
  );

  it.each<[string, (reply: EmulatorReply) => EmulatorReply | 'drop', string, RegExp]>([
    [
      'takes the signature headers away',
      (reply) => ({ ...reply, headers: reply.headers.filter(([name]) => !name.startsWith('Wechatpay')) }),
      'headersRewritten',
      /answer of .* is WeChat Pay's, but its signature headers \(Wechatpay-…\) are gone/,
    ],
    [
      'takes one of them away',
      (reply) => ({ ...reply, headers: reply.headers.filter(([name]) => name !== 'Wechatpay-Nonce') }),
      'headersRewritten',
      /came with signature headers \(Wechatpay-…\) missing, doubled or changed/,
    ],
    [
      'doubles them',
      (reply) => ({
        ...reply,
        headers: [...reply.headers, ...reply.headers.filter(([name]) => name === 'Wechatpay-Serial')],
      }),
      'headersRewritten',
      /missing, doubled or changed/,
    ],
    [
      'compresses',
      (reply) => ({ ...reply, headers: [...reply.headers, ['Content-Encoding', 'br']] }),
      'headersRewritten',
      /Something between compresses/,
    ],
    [
      'answers itself',
      () => ({
        status: 200,
        headers: [['Content-Type', 'text/html']],
        body: Buffer.from('<h1>Sign in to this network</h1>'),
      }),
      'notSigned',
      /answered HTTP 200 without a signature: it may not be WeChat Pay/,
    ],
    ['cuts the connection', () => 'drop', 'noAnswer', /was reached, but gave no whole answer\. The connection failed/],
  ])('finds something between that %s', async (_, rewrite, code, message) => {
    expect(await examined(v3Alone, {}, changed(ECHO, rewrite))).toEqual([
      expect.objectContaining({
        severity: 'error',
        code,
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/.{20}/),
      }),
    ]);
  });

  it('finds an APIv2 answer whose sign is gone', async () => {
    const unsign = changed('/pay/orderquery', (reply) => ({
      ...reply,
      body: Buffer.from(reply.body.toString().replace(/<sign>.*<\/sign>/, '')),
    }));
    expect(await examined(v2Alone, {}, unsign)).toEqual([
      expect.objectContaining({ code: 'headersRewritten', message: expect.stringContaining('its sign is gone') }),
    ]);
  });

  it('finds a cache that answers with what was said before', async () => {
    const findings = await examined(v3Alone, {}, (at) => {
      at.emulator.beforeSigning(() => ({ status: 200, body: { echo_message: 'of yesterday' } }));
    });
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'otherAnswer',
        message: expect.stringContaining('does not repeat what was sent'),
      }),
    ]);
  });

  it('finds a signature of another time', async () => {
    const stale = (at: TestShop) => void at.emulator.faults.add({ kind: 'stale', offsetSeconds: -1_000 });
    expect(await examined(v3Alone, {}, stale)).toEqual([
      expect.objectContaining({ code: 'staleAnswer', remedy: expect.stringContaining('cache') }),
    ]);
  });

  it('is not put off by one wrong signature that WeChat Pay sends as a test', async () => {
    const probe = (at: TestShop) => void at.emulator.faults.add({ kind: 'signTest', when: { times: 1 } });
    expect(codesOf(await examined(v3Alone, {}, probe))).toEqual([['info', 'selfTestPassed']]);
  });

  it('takes a signed refusal of the self-test as proof of the signatures', async () => {
    const throttled = (at: TestShop) => void at.emulator.faults.add({ kind: 'throttle' });
    expect(await examined(v3Alone, {}, throttled)).toEqual([
      expect.objectContaining({
        severity: 'info',
        code: 'selfTestAnswered',
        message: expect.stringContaining('the self-test itself was answered with FREQUENCY_LIMITED (HTTP 429)'),
      }),
    ]);
  });

  it.each(['RESOURCE_NOT_EXISTS', 'NOT_FOUND'])('finds certificate mode on a merchant without: %s', async (code) => {
    const body = Buffer.from(JSON.stringify({ code, message: 'no certificates' }));
    const none = changed(CERTIFICATES, () => ({ status: 404, headers: [], body }));
    const findings = await examined(withV3({ publicKeys: {} }), {}, none);
    expect(findings[0]).toMatchObject({
      severity: 'error',
      code: 'publicKeyOnly',
      merchant: mchid,
      message: expect.stringContaining('WeChat Pay has none for it'),
      remedy: expect.stringContaining('give it under publicKeys'),
    });
    expect(codesOf(findings.slice(1))).toEqual([['info', 'selfTestPassed']]);
  });

  it('does not ask for certificates where there is a public key', async () => {
    await examined(v3Alone);
    expect(shop.emulator.requests.map(({ url }) => url)).toEqual([ECHO]);
  });

  it('says that APIv2 cannot be tried without an appid', async () => {
    expect(await examined(() => ({ apiV3: undefined, appid: undefined }))).toEqual([
      expect.objectContaining({ severity: 'info', code: 'notTried', message: expect.stringContaining('no appid') }),
    ]);
  });

  it('finds a signer that fails, without its words', async () => {
    class BrokenSigner extends Signer {
      readonly scheme = 'WECHATPAY2-SHA256-RSA2048';
      sign(): never {
        throw new Error('SIGNERSECRET');
      }
    }
    const findings = await examined(v3Alone, { signers: [BrokenSigner] });
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'signerFailed',
        merchant: mchid,
        message: expect.stringContaining('BrokenSigner'),
      }),
    ]);
    expect(inspect(findings)).not.toContain('SIGNERSECRET');
  });
});

describe('the doctor, where hosts cannot be reached', () => {
  it('names the host that every call needs, once for all merchants', async () => {
    const [merchant] = base.options().merchants;
    const merchants = ['1900000109', '1900000110', '1900000111'].map((number) => ({ ...merchant, mchid: number }));
    const findings = await examined(undefined, { merchants, hosts: { mainland: NOWHERE, overseas: NOWHERE } });
    expect(findings).toEqual([
      {
        severity: 'error',
        code: 'noConnection',
        message: `${NOWHERE} cannot be reached. The connection failed (ECONNREFUSED).`,
        remedy: expect.stringContaining('Allow connections to this host, by its name, at your firewall'),
      },
    ]);
  });

  it('does not ask for the other merchants where one got through to nobody', async () => {
    const proxy = await openProxy();
    proxy.status = 407;
    const [merchant] = base.options().merchants;
    const merchants = ['1900000109', '1900000110', '1900000111'].map((number) => ({ ...merchant, mchid: number }));
    await examined(undefined, { merchants, proxy: proxy.origin });
    await proxy.close();
    // APIv3 and APIv2 of the first.
    expect(proxy.asked).toHaveLength(2);
  });

  it('tells a name that cannot be found from a connection that fails', async () => {
    const findings = await examined(v3Alone, {
      hosts: { mainland: 'https://wechat-pay.invalid', overseas: NOWHERE },
      allowOtherHosts: true,
      // Name servers may take their time to say no.
      timeouts: { connectMs: 25_000, attemptMs: 25_000 },
    });
    expect(findings[0]).toMatchObject({
      code: 'nameNotFound',
      message: expect.stringMatching(/The name of https:\/\/wechat-pay\.invalid cannot be found \(DNS\)/),
      remedy: expect.stringContaining('name servers'),
    });
    expect(findings[1]).toMatchObject({ severity: 'warning', code: 'noConnection' });
  }, 30_000);

  it('says that TLS fails where the certificate is not trusted', async () => {
    const front = await openTlsFront(base.url);
    const findings = await examined(v3Alone, { hosts: { mainland: front.origin, overseas: front.origin } });
    await front.close();
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'noTls',
        message: expect.stringMatching(/certificate is not trusted.*\(DEPTH_ZERO/),
        remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      }),
    ]);
  });

  it('says which of proxy and host it is, without the password', async () => {
    const proxy = await openProxy();
    proxy.status = 407;
    const url = proxy.origin.replace('//', '//shop:PROXYSECRET@');
    const refused = await examined(v3Alone, { proxy: url });
    await shop.close();
    await proxy.close();
    const gone = await examined(v3Alone, { proxy: url });
    expect(refused).toEqual([
      expect.objectContaining({
        code: 'noProxy',
        message: expect.stringMatching(
          /The proxy does not connect to http:.*The proxy refused to connect \(HTTP 407\)/,
        ),
        remedy: expect.stringContaining('user and password'),
      }),
    ]);
    expect(gone).toEqual([
      expect.objectContaining({
        code: 'noProxy',
        message: expect.stringContaining('cannot be reached'),
        remedy: expect.stringContaining('that the proxy runs'),
      }),
    ]);
    expect(inspect([refused, gone])).not.toContain('PROXYSECRET');
  });

  it('examines every host, and is less worried about those that only some calls need', async () => {
    const findings = await examined(v3Alone, {
      hosts: { mainland: base.url, overseas: NOWHERE },
      failover: { mainland: 'http://127.0.0.1:2', overseas: NOWHERE },
    });
    expect(codesOf(findings)).toEqual([
      ['warning', 'noConnection'],
      ['warning', 'noConnection'],
      ['info', 'selfTestPassed'],
    ]);
    expect(findings[0]?.remedy).toMatch(/takes over only while the usual one is in trouble\.$/);
    expect(findings[1]?.remedy).toMatch(/Only the global variants need this host/);
  });
});
