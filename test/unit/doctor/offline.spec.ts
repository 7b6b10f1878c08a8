import { createSecretKey, X509Certificate } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { type Finding, RsaSha256Signer } from 'nestjs-wechatpay';

import { examine } from '../../../lib/command-line/doctor/examine.js';
import { selfSignedCertificate } from '../../../lib/emulator/keys/self-signed-certificate.js';
import { rsaPair, type TestKeyPair } from '../../support/keys.js';

type Expected = Partial<Record<keyof Finding, unknown>>;

const DAY_MS = 86_400_000;
const mchid = '1900000109';
const own = rsaPair();
const platform = rsaPair();
const stranger = rsaPair();
const short = rsaPair(1024);
const serialNo = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
const platformSerial = '03757B6CA12B9D3A2C8E0A1F3E45BB12FA9E0D11';
const publicKeyId = 'PUB_KEY_ID_0119000001092026010100000000000001';
const v2Key = '0123456789abcdef0123456789ABCDEF';

/** A certificate by its holder, number and name, valid from and to so many days from now. */
const certificateOf = (pair: TestKeyPair, serial: string, commonName: string, from = -100, to = 1_000) =>
  selfSignedCertificate({
    privateKey: pair.privateKey,
    serialNo: serial,
    commonName,
    organization: 'test',
    notBefore: new Date(Date.now() + from * DAY_MS),
    notAfter: new Date(Date.now() + to * DAY_MS),
  });
const platformCertificate = (from?: number, to?: number) =>
  certificateOf(platform, platformSerial, 'Tenpay.com sign', from, to);
const ownCertificate = certificateOf(own, serialNo, mchid);

const apiV3 = { serialNo, privateKey: own.privatePem, publicKeys: { [publicKeyId]: platform.publicPem } };
const byCertificate = (certificates: readonly unknown[], change: object = {}) => ({
  merchants: [{ mchid, apiV3: { serialNo, privateKey: own.privatePem, certificates, ...change } }],
});
const withV3 = (change: object) => ({ merchants: [{ mchid, apiV3: { ...apiV3, ...change } }] });
const withV2 = (key: unknown) => ({ merchants: [{ mchid, apiV2: { key } }] });
const examined = (options: unknown, certificates: readonly string[] = []) =>
  examine(options, { online: false, certificates });
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

describe('the doctor, without asking anybody', () => {
  it('has nothing to say about a configuration that is in order', async () => {
    const options = { merchants: [{ mchid, appid: 'wx8888888888888888', apiV2: { key: v2Key }, apiV3 }] };
    expect(await examined(options, [ownCertificate])).toEqual([]);
    expect(await examined(byCertificate([platformCertificate()]))).toEqual([]);
  });

  it.each<[string, unknown, Expected]>([
    [
      "the merchant's certificate as platform certificate",
      byCertificate([ownCertificate]),
      {
        code: 'merchantCertificateAsPlatform',
        option: 'merchants[0].apiV3.certificates[0]',
        message: expect.stringContaining("is the merchant's own certificate (apiclient_cert.pem)"),
        remedy: expect.stringContaining("give WeChat Pay's public key under publicKeys"),
      },
    ],
    [
      "the platform certificate's serial number as the merchant's",
      byCertificate([platformCertificate()], { serialNo: platformSerial.toLowerCase() }),
      {
        code: 'serialOfPlatformCertificate',
        option: 'merchants[0].apiV3.serialNo',
        message: expect.stringContaining("is the serial number of WeChat Pay's platform certificate"),
        remedy: expect.stringContaining('openssl x509 -in apiclient_cert.pem -noout -serial'),
      },
    ],
    [
      'an APIv3 key of 31 bytes',
      withV3({ apiV3Key: v2Key.slice(1) }),
      {
        code: 'option',
        option: 'merchants[0].apiV3.apiV3Key',
        message: 'merchants[0].apiV3.apiV3Key is 31 bytes long.',
        remedy:
          'It must be exactly 32 letters and digits: copy it again from 商户平台 → 账户中心 → API安全 → APIv3密钥.',
      },
    ],
    ['an APIv2 key of 33 bytes', withV2(`${v2Key}x`), { message: 'merchants[0].apiV2.key is 33 bytes long.' }],
    [
      'an APIv2 key with a line feed',
      withV2(`${v2Key}\n`),
      { message: expect.stringContaining('is 33 bytes long and has white space') },
    ],
    ['an APIv2 key with a space in place of a letter', withV2(`${v2Key.slice(1)} `), { code: 'option' }],
    [
      'a public key id without its prefix',
      withV3({ publicKeys: { '0119000001092026': platform.publicPem } }),
      {
        message: 'merchants[0].apiV3.publicKeys.0119000001092026 is not a public key id.',
        remedy: 'It begins with PUB_KEY_ID_.',
      },
    ],
    [
      "the merchant's own public key as WeChat Pay's",
      withV3({ publicKeys: { [publicKeyId]: own.publicPem } }),
      {
        message: expect.stringContaining("is the merchant's own public key"),
        remedy: expect.stringContaining("WeChat Pay's"),
      },
    ],
    [
      "the merchant's certificate as its private key",
      withV3({ privateKey: ownCertificate }),
      {
        message: 'merchants[0].apiV3.privateKey is a certificate.',
        remedy: expect.stringContaining('apiclient_key.pem'),
      },
    ],
    [
      'an RSA key that is too short',
      withV3({ privateKey: short.privatePem }),
      { message: 'merchants[0].apiV3.privateKey is an RSA key of 1024 bits.' },
    ],
    ['options that are none', 7, { message: 'the options are no object.' }],
    ['no options', undefined, { option: 'the options' }],
    [
      'no merchants',
      {},
      { option: 'merchants', remedy: expect.stringMatching(/^Give an array of at least one merchant/) },
    ],
    [
      'a platform certificate that has expired',
      byCertificate([platformCertificate(-100, -3)]),
      {
        code: 'certificateExpired',
        severity: 'error',
        merchant: mchid,
        message: expect.stringMatching(
          new RegExp(`certificates\\[0\\] \\(serial number ${platformSerial}\\) expired on ${inDays(-3)}`),
        ),
        remedy: expect.stringContaining('Download the new platform certificate'),
      },
    ],
    [
      'a platform certificate that expires within 30 days',
      byCertificate([platformCertificate(-100, 29.5)]),
      {
        code: 'certificateExpiresSoon',
        severity: 'warning',
        message: expect.stringContaining(`expires on ${inDays(29.5)}, in 29 days.`),
      },
    ],
    [
      'a platform certificate that is not valid yet',
      byCertificate([platformCertificate(2, 900)]),
      {
        code: 'certificateNotYetValid',
        severity: 'error',
        message: expect.stringContaining(`is valid from ${inDays(2)} on`),
      },
    ],
  ])('finds %s', async (_, options, finding) => {
    expect(await examined(options)).toEqual([expect.objectContaining({ severity: 'error', ...finding })]);
  });

  it('is content with a certificate that ends in 31 days', async () => {
    expect(await examined(byCertificate([platformCertificate(-100, 31)]))).toEqual([]);
  });

  it('is less worried about an expired certificate where another key still verifies', async () => {
    const renewed = certificateOf(stranger, `${platformSerial.slice(1)}2`, 'Tenpay.com sign');
    const [beside, alone] = await Promise.all([
      examined(byCertificate([platformCertificate(-100, -3), renewed])),
      examined(byCertificate([platformCertificate(-100, -3)], { publicKeys: { [publicKeyId]: stranger.publicPem } })),
    ]);
    for (const findings of [beside, alone]) {
      expect(findings).toEqual([expect.objectContaining({ code: 'certificateExpired', severity: 'warning' })]);
    }
  });

  it("knows the merchant's certificate by its name where a signer holds the private key", async () => {
    class HoldingSigner extends RsaSha256Signer {
      override readonly holdsKey = true;
    }
    const other = certificateOf(own, platformSerial, mchid);
    const options = { ...byCertificate([other], { privateKey: undefined }), signers: [HoldingSigner] };
    expect(await examined(options)).toEqual([expect.objectContaining({ code: 'merchantCertificateAsPlatform' })]);
  });

  it.each<[string, unknown, string, readonly Expected[]]>([
    [
      'a certificate of another private key',
      withV3({ privateKey: stranger.privatePem }),
      ownCertificate,
      [
        {
          code: 'notAPair',
          message: expect.stringContaining("does not belong to the merchant's certificate: they are not a pair"),
          remedy: expect.stringContaining('one and the same download'),
        },
      ],
    ],
    [
      'a serial number that is not the certificate’s',
      withV3({ serialNo: 'ABCDEF' }),
      ownCertificate,
      [{ code: 'serialMismatch', remedy: expect.stringContaining(`Set serialNo to ${serialNo}`) }],
    ],
    [
      'the certificate of another merchant',
      withV3({}),
      certificateOf(own, serialNo, '1900000110'),
      [{ code: 'certificateOfOtherMerchant', message: expect.stringContaining('that of merchant 1900000110') }],
    ],
    [
      'a platform certificate by its name',
      withV3({}),
      platformCertificate(),
      [{ code: 'platformCertificateAsMerchant', remedy: expect.stringContaining('apiclient_cert.pem') }],
    ],
    ['an expired one', withV3({}), certificateOf(own, serialNo, mchid, -100, -1), [{ code: 'certificateExpired' }]],
    [
      'a private key in its place',
      withV3({}),
      own.privatePem,
      [{ code: 'certificateUnreadable', message: "The merchant's certificate that was given is a private key." }],
    ],
  ])("holds the merchant's certificate against the options: %s", async (_, options, certificate, expected) => {
    expect(await examined(options, [certificate])).toEqual(
      expected.map((finding) => expect.objectContaining({ severity: 'error', ...finding })),
    );
  });

  it('knows a platform certificate that is configured as such, whatever its name', async () => {
    const certificate = certificateOf(platform, platformSerial, 'sign');
    expect(await examined(byCertificate([new X509Certificate(certificate)]), [certificate])).toEqual([
      expect.objectContaining({ code: 'platformCertificateAsMerchant' }),
    ]);
  });

  it('finds the merchant of each certificate among several, and says so where there is none', async () => {
    const second = { mchid: '1900000110', apiV3: { ...apiV3, serialNo: 'AB12', privateKey: stranger.privatePem } };
    const options = { merchants: [{ mchid, apiV3 }, second] };
    expect(await examined(options, [ownCertificate, certificateOf(stranger, 'AB12', '1900000110')])).toEqual([]);
    expect(await examined(options, [certificateOf(platform, 'CD34', '1900000111')])).toEqual([
      expect.objectContaining({ code: 'certificateOfNobody', severity: 'warning' }),
    ]);
  });

  it('tells every fault at once, the worst first, and asks nobody while the module does not start', async () => {
    const options = {
      ...byCertificate([platformCertificate(-1, 3)], { apiV3Key: 'short' }),
      proxy: 'ftp://user:PROXYSECRET@proxy.example',
    };
    const findings = await examine(options, { online: true, certificates: [] });
    expect(findings.map(({ severity, code }) => [severity, code])).toEqual([
      ['error', 'option'],
      ['error', 'option'],
      ['warning', 'certificateExpiresSoon'],
      ['info', 'notTried'],
    ]);
    expect(JSON.stringify(findings)).not.toContain('PROXYSECRET');
  });

  it.each<[string, unknown]>([
    ['a list as merchants of nothing', { merchants: [null, 7, 'x', []] }],
    [
      'keys of odd kinds',
      byCertificate([null, 7, {}, createSecretKey(Buffer.from('x'))], { privateKey: {}, publicKeys: 7 }),
    ],
    ['certificates that are no list', byCertificate({} as never)],
  ])('takes nothing for granted: %s', async (_, options) => {
    const findings = await examined(options, ['not a certificate']);
    expect(findings.length).toBeGreaterThan(1);
    expect(findings.every(({ code }) => ['option', 'certificateUnreadable'].includes(code))).toBe(true);
  });
});
