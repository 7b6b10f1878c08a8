import { createSecretKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import {
  type ApiV3Options,
  HmacSha256Signer,
  HmacSha256Verifier,
  Md5Signer,
  Md5Verifier,
  RsaSha256Signer,
  RsaSha256Verifier,
  WechatPayConfigurationError,
  type WechatPayModuleOptions,
} from 'nestjs-wechatpay';

import { readSettings } from '../../../lib/settings/read-settings.js';
import { SignerRegistry } from '../../../lib/signers/signer.registry.js';
import { VerifierRegistry } from '../../../lib/verifiers/verifier.registry.js';
import { certificate, rsaPair } from '../../support/keys.js';

const own = rsaPair();
const platform = rsaPair();
const serialNo = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
const platformSerial = '03757B6CA12B9D3A2C8E0A1F3E45BB12FA9E0D11';
const ownCertificate = certificate(own, serialNo);
const platformCertificate = certificate(platform, platformSerial);
const publicKeyId = 'PUB_KEY_ID_0119000001092026010100000000000001';
const v2Key = '0123456789abcdef0123456789ABCDEF';

const schemes = {
  signers: new SignerRegistry([new Md5Signer(), new HmacSha256Signer(), new RsaSha256Signer()]),
  verifiers: new VerifierRegistry([new Md5Verifier(), new HmacSha256Verifier(), new RsaSha256Verifier()]),
};
const apiV3: ApiV3Options = { serialNo, privateKey: own.privatePem, publicKeys: { [publicKeyId]: platform.publicPem } };
const merchant = { mchid: '1900000109', apiV2: { key: v2Key }, apiV3 };
const read = (options: unknown) => readSettings(options as WechatPayModuleOptions, schemes).merchants;

function faultsOf(options: unknown): Record<string, string> {
  try {
    read(options);
  } catch (error) {
    if (!(error instanceof WechatPayConfigurationError)) throw error;
    for (const { option } of error.issues) expect(error.message).toContain(option);
    return Object.fromEntries(error.issues.map(({ option, problem }) => [option, problem]));
  }
  return {};
}

const withV2 = (apiV2: unknown) => ({ merchants: [{ mchid: '1900000109', apiV2 }] });
const withV3 = (change: object) => ({ merchants: [{ mchid: '1900000109', apiV3: { ...apiV3, ...change } }] });

describe('readSettings', () => {
  it('takes keys as PEM strings, Buffers and KeyObjects, and parses them once', () => {
    const merchants = [
      merchant,
      {
        mchid: '1',
        apiV2: { key: Buffer.from(v2Key) },
        apiV3: {
          serialNo,
          privateKey: Buffer.from(own.privatePem),
          publicKeys: { [publicKeyId]: Buffer.from(platform.publicPem) },
        },
      },
      {
        mchid: '2',
        apiV2: { key: createSecretKey(Buffer.from(v2Key)) },
        apiV3: { serialNo, privateKey: own.privateKey, publicKeys: { [publicKeyId]: platform.publicKey } },
      },
      {
        mchid: '3',
        apiV3: {
          serialNo,
          privateKey: own.privateKey.export({ type: 'pkcs8', format: 'der' }),
          publicKeys: { [publicKeyId]: platform.publicKey.export({ type: 'spki', format: 'der' }) },
        },
      },
      {
        mchid: '4',
        apiV3: { serialNo, privateKey: own.privatePem.replaceAll('\n', '\\n'), certificates: [platformCertificate] },
      },
      {
        mchid: '5',
        apiV3: {
          serialNo,
          privateKey: own.privatePem.replaceAll('\n', '\r\n'),
          certificates: [new X509Certificate(platformCertificate)],
        },
      },
      {
        mchid: '6',
        apiV3: {
          serialNo,
          privateKey: `\n  ${own.privatePem.replaceAll('\n', '\n\t  ')}  `,
          certificates: [Buffer.from(`  ${platformCertificate.replaceAll('\n', '  \n  ')}`)],
        },
      },
      {
        mchid: '7',
        apiV3: {
          serialNo,
          privateKey: own.privatePem.replaceAll('\n', '\\\\n'),
          publicKeys: { [publicKeyId]: platform.publicPem.replaceAll('\n', '\\r\\n') },
        },
      },
    ];
    const registry = read({ merchants });
    expect(registry.numbers).toEqual(['1900000109', '1', '2', '3', '4', '5', '6', '7']);
    for (const { mchid } of merchants) {
      const found = registry.find(mchid);
      expect(found?.apiV3?.privateKey?.equals(own.privateKey)).toBe(true);
      expect([...(found?.apiV3?.platformKeys.values() ?? [])].every((key) => key.equals(platform.publicKey))).toBe(
        true,
      );
    }
    expect(registry.find('4')?.apiV3?.preferredSerial).toBe(platformSerial);
  });

  it('writes the serial number in capitals', () => {
    const registry = read(withV3({ serialNo: serialNo.toLowerCase() }));
    expect(registry.sole?.apiV3?.serialNo).toBe(serialNo);
  });

  it('holds public keys and platform certificates side by side, and asks for the public key', () => {
    const registry = read(withV3({ certificates: [platformCertificate] }));
    expect([...(registry.sole?.apiV3?.platformKeys.keys() ?? [])]).toEqual([publicKeyId, platformSerial]);
    expect(registry.sole?.apiV3?.preferredSerial).toBe(publicKeyId);
  });

  it('downloads certificates where there is an APIv3 key and nothing else, or where it shall', () => {
    const downloadOf = (change: object) => read(withV3(change)).sole?.apiV3?.download?.atStart;
    expect(downloadOf({ apiV3Key: v2Key })).toBeUndefined();
    expect(downloadOf({ publicKeys: {}, apiV3Key: v2Key })).toEqual([]);
    expect(downloadOf({ apiV3Key: v2Key, downloadCertificates: true })).toEqual([]);
    expect(downloadOf({ apiV3Key: v2Key, downloadCertificates: { atStart: ['hk', 'global'] } })).toEqual([
      'hk',
      'global',
    ]);
    expect(downloadOf({ apiV3Key: v2Key, downloadCertificates: false })).toBeUndefined();
    expect(inspect(read(withV3({ publicKeys: {}, apiV3Key: v2Key })).sole, { depth: 20 })).not.toContain(v2Key);
  });

  it('shows no key when it is printed', () => {
    const shown = inspect(read({ merchants: [merchant] }).sole, { depth: 20, showHidden: true });
    expect(shown).toContain('1900000109');
    expect(shown).not.toContain(v2Key);
    expect(shown).not.toContain(Buffer.from(v2Key).toString('hex').slice(0, 16));
    expect(shown).not.toMatch(/BEGIN|MII/);
  });

  it('lists every fault at once', () => {
    const faults = faultsOf({
      merchants: [{ mchid: '', apiV2: { key: 'short' }, apiV3: { ...apiV3, serialNo: 'x y' } }],
    });
    expect(Object.keys(faults)).toEqual([
      'merchants[0].mchid',
      'merchants[0].apiV2.key',
      'merchants[0].apiV3.serialNo',
    ]);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no options', undefined, 'the options', /are missing; give forRoot/],
    ['no merchants', {}, 'merchants', /is missing; give an array/],
    ['an empty list', { merchants: [] }, 'merchants', /is empty/],
    ['a merchant that is none', { merchants: [null] }, 'merchants[0]', /is null/],
    [
      'a misspelt option',
      { merchants: [{ ...merchant, mchId: '1' }] },
      'merchants[0].mchId',
      /is no option; there are mchid, appid/,
    ],
    ['a misspelt option at the top', { merchants: [merchant], timeout: 1 }, 'timeout', /is no option/],
    [
      'a number as mchid',
      { merchants: [{ ...merchant, mchid: 1900000109 }] },
      'merchants[0].mchid',
      /is a value of type number/,
    ],
    [
      'an appid as mchid',
      { merchants: [{ ...merchant, mchid: 'wx8888888888888888' }] },
      'merchants[0].mchid',
      /digits/,
    ],
    ['a blank appid', { merchants: [{ ...merchant, appid: ' ' }] }, 'merchants[0].appid', /is not an appid/],
    ['one number twice', { merchants: [merchant, merchant] }, 'merchants[1].mchid', /same as merchants\[0\]\.mchid/],
    ['no keys at all', { merchants: [{ mchid: '1' }] }, 'merchants[0]', /neither apiV2 nor apiV3/],
    ['no v2 key', withV2({}), 'merchants[0].apiV2.key', /is missing; copy it from/],
    [
      'a v2 key of 31',
      withV2({ key: v2Key.slice(1) }),
      'merchants[0].apiV2.key',
      /is 31 bytes long; it must be exactly 32/,
    ],
    [
      'a v2 key with a space',
      withV2({ key: `${v2Key} ` }),
      'merchants[0].apiV2.key',
      /33 bytes long and has white space/,
    ],
    ['a v2 key of 32 Chinese characters', withV2({ key: '密'.repeat(32) }), 'merchants[0].apiV2.key', /96 bytes long/],
    ['a private key as v2 key', withV2({ key: own.privateKey }), 'merchants[0].apiV2.key', /is a private key/],
    [
      'an unknown signType',
      withV2({ key: v2Key, signType: 'SHA1' }),
      'merchants[0].apiV2.signType',
      /names no signer; the signers speak MD5/,
    ],
    ['no serial', withV3({ serialNo: undefined }), 'merchants[0].apiV3.serialNo', /is missing; give the serial number/],
    ['a serial with colons', withV3({ serialNo: '51:57:F0' }), 'merchants[0].apiV3.serialNo', /without colons/],
    [
      'a public key id as serial',
      withV3({ serialNo: publicKeyId }),
      'merchants[0].apiV3.serialNo',
      /id of WeChat Pay's public key/,
    ],
    [
      'no private key',
      withV3({ privateKey: undefined }),
      'merchants[0].apiV3.privateKey',
      /is missing; give the text of apiclient_key/,
    ],
    [
      'a public key as private key',
      withV3({ privateKey: own.publicPem }),
      'merchants[0].apiV3.privateKey',
      /is a public key/,
    ],
    [
      'a public KeyObject as private key',
      withV3({ privateKey: own.publicKey }),
      'merchants[0].apiV3.privateKey',
      /is a public key/,
    ],
    [
      'a certificate as private key',
      withV3({ privateKey: ownCertificate }),
      'merchants[0].apiV3.privateKey',
      /is a certificate/,
    ],
    [
      'an encrypted private key',
      withV3({
        privateKey: own.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' }),
      }),
      'merchants[0].apiV3.privateKey',
      /is encrypted; decrypt it first/,
    ],
    [
      'a file name',
      withV3({ privateKey: './apiclient_key.pem' }),
      'merchants[0].apiV3.privateKey',
      /is a file name; read the file/,
    ],
    [
      'bare base64',
      withV3({ privateKey: 'MIIEvQIBADANBgkqhkiG9w0BAQ' }),
      'merchants[0].apiV3.privateKey',
      /lacks a -----BEGIN line/,
    ],
    [
      'a PEM in quotation marks',
      withV3({ privateKey: ` "${own.privatePem.replaceAll('\n', '\\n')}"` }),
      'merchants[0].apiV3.privateKey',
      /^is wrapped in quotation marks; remove them$/,
    ],
    [
      'a PEM with spaces for its line breaks',
      withV3({ publicKeys: { [publicKeyId]: platform.publicPem.replaceAll('\n', ' ') } }),
      `merchants[0].apiV3.publicKeys.${publicKeyId}`,
      /^has spaces where its line breaks should be; /,
    ],
    [
      'base64 of a PEM',
      withV3({ privateKey: Buffer.from(own.privatePem).toString('base64') }),
      'merchants[0].apiV3.privateKey',
      /^is base64 of a PEM; decode it first$/,
    ],
    [
      'bytes of base64 of a PEM',
      withV3({ certificates: [Buffer.from(Buffer.from(platformCertificate).toString('base64'))] }),
      'merchants[0].apiV3.certificates[0]',
      /^is base64 of a PEM; decode it first$/,
    ],
    [
      'a cut PEM',
      withV3({ privateKey: own.privatePem.slice(0, 400) }),
      'merchants[0].apiV3.privateKey',
      /cut off or damaged/,
    ],
    [
      'an EC key',
      withV3({ privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }),
      'merchants[0].apiV3.privateKey',
      /type ec; RSA is needed/,
    ],
    [
      'a weak key',
      withV3({ privateKey: rsaPair(1024).privatePem }),
      'merchants[0].apiV3.privateKey',
      /RSA key of 1024 bits/,
    ],
    [
      'a public key id without prefix',
      withV3({ publicKeys: { '0119': platform.publicPem } }),
      'merchants[0].apiV3.publicKeys.0119',
      /begins with PUB_KEY_ID_/,
    ],
    [
      'a private key as public key',
      withV3({ publicKeys: { [publicKeyId]: platform.privatePem } }),
      `merchants[0].apiV3.publicKeys.${publicKeyId}`,
      /is a private key/,
    ],
    [
      "the merchant's public key",
      withV3({ publicKeys: { [publicKeyId]: own.publicPem } }),
      `merchants[0].apiV3.publicKeys.${publicKeyId}`,
      /is the merchant's own public key/,
    ],
    [
      'a certificate as public key',
      withV3({ publicKeys: { [publicKeyId]: platformCertificate } }),
      `merchants[0].apiV3.publicKeys.${publicKeyId}`,
      /belong in certificates/,
    ],
    [
      "the merchant's certificate",
      withV3({ certificates: [ownCertificate] }),
      'merchants[0].apiV3.certificates[0]',
      /is the merchant's own certificate/,
    ],
    [
      'another certificate of the merchant',
      withV3({ certificates: [certificate(own, 'ABCDEF01')] }),
      'merchants[0].apiV3.certificates[0]',
      /is the merchant's own certificate/,
    ],
    [
      "a certificate with the merchant's serial",
      withV3({ certificates: [certificate(platform, serialNo)] }),
      'merchants[0].apiV3.certificates[0]',
      /is the merchant's own/,
    ],
    [
      'a public key as certificate',
      withV3({ certificates: [platform.publicPem] }),
      'merchants[0].apiV3.certificates[0]',
      /belongs in publicKeys/,
    ],
    [
      'nothing to verify with',
      withV3({ publicKeys: {} }),
      'merchants[0].apiV3',
      /neither publicKeys nor certificates nor apiV3Key.* publicKeys: .* certificates: .* or apiV3Key/,
    ],
    [
      'nothing to verify with and no download',
      withV3({ publicKeys: {}, apiV3Key: v2Key, downloadCertificates: false }),
      'merchants[0].apiV3',
      /neither publicKeys nor certificates/,
    ],
    [
      'a download without an APIv3 key',
      withV3({ downloadCertificates: true }),
      'merchants[0].apiV3.downloadCertificates',
      /needs apiV3Key/,
    ],
    [
      'a download that is no option',
      withV3({ apiV3Key: v2Key, downloadCertificates: 'yes' }),
      'merchants[0].apiV3.downloadCertificates',
      /is a value of type string; give true, false or/,
    ],
    [
      'a region that there is not',
      withV3({ apiV3Key: v2Key, downloadCertificates: { atStart: ['moon'] } }),
      'merchants[0].apiV3.downloadCertificates.atStart',
      /there are mainland, global, hk/,
    ],
    [
      'an APIv3 key of 31 and nothing else',
      withV3({ publicKeys: {}, apiV3Key: v2Key.slice(1) }),
      'merchants[0].apiV3.apiV3Key',
      /is 31 bytes long/,
    ],
    ['an APIv3 key of 31', withV3({ apiV3Key: v2Key.slice(1) }), 'merchants[0].apiV3.apiV3Key', /is 31 bytes long/],
    [
      'an unknown scheme',
      withV3({ scheme: 'WECHATPAY2-SM2-WITH-SM3' }),
      'merchants[0].apiV3.scheme',
      /names no signer/,
    ],
    [
      'a host of http',
      { merchants: [merchant], hosts: { mainland: 'http://api.mch.weixin.qq.com' } },
      'hosts.mainland',
      /only https/,
    ],
    [
      'a host with a path',
      { merchants: [merchant], hosts: { mainland: 'https://api.mch.weixin.qq.com/v3' } },
      'hosts.mainland',
      /more than scheme/,
    ],
    [
      'a host with a user',
      { merchants: [merchant], hosts: { mainland: 'https://a:b@api.mch.weixin.qq.com' } },
      'hosts.mainland',
      /more than scheme/,
    ],
    [
      'an unknown host',
      { merchants: [merchant], hosts: { overseas: 'https://evil.example' } },
      'hosts.overseas',
      /set allowOtherHosts/,
    ],
    [
      'an unknown host over http',
      { merchants: [merchant], allowOtherHosts: true, hosts: { overseas: 'http://evil.example' } },
      'hosts.overseas',
      /only https/,
    ],
    [
      'no URL',
      { merchants: [merchant], hosts: { mainland: 'api.mch.weixin.qq.com' } },
      'hosts.mainland',
      /is not a URL/,
    ],
    [
      'a timeout of NaN',
      { merchants: [merchant], timeouts: { attemptMs: NaN } },
      'timeouts.attemptMs',
      /is not a whole number from 1 to 600000/,
    ],
    [
      'a timeout of 0',
      { merchants: [merchant], timeouts: { attemptMs: 0 } },
      'timeouts.attemptMs',
      /is not a whole number from 1 to 600000/,
    ],
    [
      'a backup that is not known',
      { merchants: [merchant], failover: { mainland: 'https://evil.example' } },
      'failover.mainland',
      /set allowOtherHosts/,
    ],
    ['a misspelt backup', { merchants: [merchant], failover: { main: NaN } }, 'failover.main', /is no option/],
    ['a failover of text', { merchants: [merchant], failover: 'yes' }, 'failover', /give \{ mainland\?, overseas\? \}/],
    [
      "WeChat Pay's backups for a host of your own",
      { merchants: [merchant], hosts: { mainland: 'http://127.0.0.1:1' }, failover: true },
      'failover',
      /give failover\.mainland/,
    ],
    [
      'a backup for the wrong host of your own',
      {
        merchants: [merchant],
        hosts: { overseas: 'http://127.0.0.1:1' },
        failover: { mainland: 'http://127.0.0.1:2' },
      },
      'failover',
      /give failover\.overseas/,
    ],
    ['a proxy without a scheme', { merchants: [merchant], proxy: 'proxy.example' }, 'proxy', /is not a URL/],
    ['a proxy that is no text', { merchants: [merchant], proxy: 3128 }, 'proxy', /is not a URL/],
    [
      'a SOCKS proxy',
      { merchants: [merchant], proxy: 'socks5://127.0.0.1:1' },
      'proxy',
      /uses socks5:; only http: and/,
    ],
    ['a proxy with a path', { merchants: [merchant], proxy: 'http://127.0.0.1:1/a' }, 'proxy', /more than scheme/],
    [
      'a proxy with a bad password',
      { merchants: [merchant], proxy: 'http://a:%@127.0.0.1:1' },
      'proxy',
      /percent-encoded/,
    ],
    [
      'a grace of -1',
      { merchants: [merchant], timeouts: { shutdownMs: -1 } },
      'timeouts.shutdownMs',
      /is not a whole number from 0 to 600000/,
    ],
  ])('refuses %s and says how to mend it', (_, options, option, problem) => {
    expect(faultsOf(options)).toEqual({ [option]: expect.stringMatching(problem) });
  });

  it.each([
    'https://api2.mch.weixin.qq.com',
    'https://api2.wechatpay.cn',
    'http://127.0.0.1:8080',
    'http://localhost:1',
    'http://[::1]:1',
  ])('goes to %s', (mainland) => {
    expect(faultsOf({ merchants: [merchant], hosts: { mainland } })).toEqual({});
  });

  it('goes to another host over https where that is allowed', () => {
    expect(
      faultsOf({ merchants: [merchant], allowOtherHosts: true, hosts: { mainland: 'https://gateway.example' } }),
    ).toEqual({});
  });

  it.each([
    { failover: true },
    { failover: false },
    { failover: true, hosts: { mainland: 'https://api.mch.weixin.qq.com/' } },
    { failover: { mainland: 'http://127.0.0.1:2' }, hosts: { mainland: 'http://127.0.0.1:1' } },
    { proxy: 'http://proxy.example:3128' },
    { proxy: 'https://user:pass%2Fword@[::1]' },
  ])('takes %j', (options) => {
    expect(faultsOf({ merchants: [merchant], ...options })).toEqual({});
  });

  it('never repeats the password of a proxy in a message', () => {
    const proxy = 'http://shop:canary%@proxy.example/path';
    expect(JSON.stringify(faultsOf({ merchants: [merchant], proxy }))).not.toContain('canary');
  });

  it.each([
    ['a getter that throws', Object.defineProperty({}, 'mchid', { enumerable: true, get: () => failing() })],
    ['a revoked proxy', revokedProxy()],
  ])('says of %s that it cannot be read', (_, given) => {
    expect(faultsOf({ merchants: [given] })).toEqual({ 'the options': expect.stringContaining('cannot be read') });
  });

  it('takes nothing but text for a serial number', () => {
    const certificates = [platformCertificate];
    expect(faultsOf(withV3({ certificates, serialNo: { toUpperCase: 1 } }))).toHaveProperty([
      'merchants[0].apiV3.serialNo',
    ]);
  });

  it('never repeats a key in a message', () => {
    const key = 'canary-canary-canary-canary-31!';
    const message = JSON.stringify(faultsOf(withV2({ key }))) + JSON.stringify(faultsOf(withV3({ privateKey: key })));
    expect(message).not.toContain('canary');
  });
});

function failing(): never {
  throw new Error(v2Key);
}

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
