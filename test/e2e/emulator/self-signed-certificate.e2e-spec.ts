import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmulatorKeys, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { selfSignedCertificate } from '../../../lib/emulator/keys/self-signed-certificate.js';

import { firstMerchant } from './raw-client.js';

const { privateKey } = EmulatorKeys.generate().platform;

describe('a self-signed certificate', () => {
  const content = {
    privateKey,
    serialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    commonName: '商户 1900000109',
    organization: 'test',
    notBefore: new Date('2026-01-02T03:04:05Z'),
    notAfter: new Date('2051-01-02T03:04:05Z'),
  };

  it('is what node:crypto reads: key, serial number, names, dates on both sides of 2050', () => {
    const certificate = new X509Certificate(selfSignedCertificate(content));
    expect(certificate.verify(createPublicKey(privateKey))).toBe(true);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.serialNumber).toBe(content.serialNo);
    expect(certificate.subject).toBe('O=test\nCN=商户 1900000109');
    expect(certificate.issuer).toBe(certificate.subject);
    expect(new Date(certificate.validFrom)).toEqual(content.notBefore);
    expect(new Date(certificate.validTo)).toEqual(content.notAfter);
    expect(certificate.ca).toBe(false);
  });

  it.each(['7F', '80', 'FF00000000000000000000000000000000000000', '0123'])(
    'keeps the serial number %s',
    (serialNo) => {
      const certificate = new X509Certificate(selfSignedCertificate({ ...content, serialNo }));
      expect(BigInt(`0x${certificate.serialNumber}`)).toBe(BigInt(`0x${serialNo}`));
      expect(certificate.verify(createPublicKey(privateKey))).toBe(true);
    },
  );
});

describe('the credentials', () => {
  let emulator: WechatPayEmulator;
  beforeAll(async () => {
    emulator = await WechatPayEmulator.start();
  });
  afterAll(() => emulator.stop());

  it('fit together', () => {
    const { platform, publicKey } = emulator.credentials;
    const merchant = firstMerchant(emulator);
    const key = createPrivateKey(merchant.privateKey);
    const own = new X509Certificate(merchant.certificate);
    expect(own.checkPrivateKey(key)).toBe(true);
    expect(own.serialNumber).toBe(merchant.serialNo);
    expect(new X509Certificate(platform.certificate).serialNumber).toBe(platform.serialNo);
    expect(platform.serialNo).toMatch(/^[0-9A-F]{40}$/);
    expect(publicKey.id).toMatch(/^PUB_KEY_ID_0\d+$/);
    expect(createPublicKey(publicKey.publicKey).asymmetricKeyType).toBe('rsa');
    expect(merchant).toMatchObject({ mchid: '1900000109', appid: 'wx8888888888888888', subMchids: ['1230000109'] });
    expect([merchant.apiV2Key, merchant.apiV3Key].map((text) => /^[0-9A-Za-z]{32}$/.test(text))).toEqual([true, true]);
  });

  it('become options of the module, with the keys asked for', () => {
    const { publicKey, platform } = emulator.credentials;
    const v3 = (use?: 'publicKey' | 'certificate' | 'both'): unknown => emulator.options(use).merchants[0]?.apiV3;
    expect(emulator.options().hosts).toEqual({ mainland: emulator.url, overseas: emulator.url });
    expect(v3()).toHaveProperty(['publicKeys', publicKey.id], publicKey.publicKey);
    expect(v3()).not.toHaveProperty('certificates');
    expect(v3('certificate')).toHaveProperty('certificates', [platform.certificate]);
    expect(v3('certificate')).not.toHaveProperty('publicKeys');
    expect(Object.keys(v3('both') ?? {})).toEqual(expect.arrayContaining(['publicKeys', 'certificates']));
  });

  it('may be the own ones, and are shared with the keys', async () => {
    const { apiV2Key, apiV3Key, privateKey: pem, serialNo } = firstMerchant(emulator);
    const mine = { mchid: '1', appid: 'wx1', apiV2Key, apiV3Key, privateKey: pem, serialNo };
    const other = await WechatPayEmulator.start({ keys: emulator.keys, merchants: [mine, { mchid: '1900000109' }] });
    await other.stop();
    expect(other.credentials.merchants[0]).toMatchObject(mine);
    expect(other.credentials.merchants[1]?.privateKey).toBe(pem);
    expect(other.credentials.publicKey).toEqual(emulator.credentials.publicKey);
  });

  it('need merchants that can be told apart', async () => {
    await expect(WechatPayEmulator.start({ keys: emulator.keys, merchants: [] })).rejects.toThrow(TypeError);
    const twice = [{ mchid: '1' }, { mchid: '1' }];
    await expect(WechatPayEmulator.start({ keys: emulator.keys, merchants: twice })).rejects.toThrow('twice');
  });

  it('may have WeChat Pay keys of their own', () => {
    const keys = EmulatorKeys.generate({
      platformPrivateKey: firstMerchant(emulator).privateKey,
      platformSerialNo: '0A'.repeat(20),
      publicKeyId: 'PUB_KEY_ID_07',
    });
    expect(new X509Certificate(keys.platform.certificate).serialNumber).toBe('0A'.repeat(20));
    expect(keys.publicKey.serial).toBe('PUB_KEY_ID_07');
  });
});
