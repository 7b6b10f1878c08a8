import { verify, X509Certificate } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EmulatorControlError, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import foreign from 'wechatpay-axios-plugin';

import { keys } from '../../support/test-shop.js';
import { firstMerchant, type RawReply, sendV3 } from './raw-client.js';

let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({
    keys,
    merchants: [{ mchid: '1900000109' }, { mchid: '1900000110', overseas: false }],
  });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

const PATHS = ['/v3/certificates', '/v3/global/certificates', '/hk/v3/certificates'];
const get = (path = '/v3/certificates'): Promise<RawReply> => sendV3(emulator, 'GET', path);

/** Certificates of a list, decrypted by a client that is not ours. */
function opened({ json }: RawReply): X509Certificate[] {
  return Object.values(json.data ?? {}).map(({ encrypt_certificate: sealed }) => {
    const [nonce, ciphertext, aad] = [sealed?.nonce, sealed?.ciphertext, sealed?.associated_data].map(String);
    return new X509Certificate(
      foreign.Aes.AesGcm.decrypt(ciphertext ?? '', firstMerchant(emulator).apiV3Key, nonce ?? '', aad ?? ''),
    );
  });
}

describe('the lists of platform certificates', () => {
  it.each(PATHS)('%s: another client decrypts them, and they verify the list itself', async (path) => {
    const reply = await get(path);
    const [certificate, ...others] = opened(reply);
    expect(others).toEqual([]);
    const { headers, body, json } = reply;
    expect(certificate?.serialNumber).toBe(headers['wechatpay-serial']);
    const message = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${body.toString()}\n`;
    const signature = Buffer.from(String(headers['wechatpay-signature']), 'base64');
    expect(certificate && verify('sha256', Buffer.from(message), certificate.publicKey, signature)).toBe(true);
    const [entry] = Object.values(json.data ?? {});
    expect(entry?.serial_no).toBe(certificate?.serialNumber);
    const { expire_time } = entry as unknown as { readonly expire_time: string };
    expect(Date.parse(expire_time)).toBe(Date.parse(certificate?.validTo ?? ''));
    expect(entry?.encrypt_certificate).toMatchObject({
      algorithm: 'AEAD_AES_256_GCM',
      nonce: expect.stringMatching(/^[0-9A-Za-z]{12}$/),
      associated_data: 'certificate',
    });
  });

  it('are for merchants that sign, overseas ones where they are overseas', async () => {
    expect((await sendV3(emulator, 'GET', PATHS[0] ?? '', undefined, { signature: 'AAAA' })).status).toBe(401);
    expect((await get('/v3/certificates?algorithm_type=RSA')).status).toBe(200);
    expect((await get('/v3/certificates?algorithm_type=DSA')).status).toBe(400);
  });

  it('hold the old and the new certificate in a rotation; either may sign, or both in turn', async () => {
    const [first] = opened(await get());
    const serials = async () => [(await get()).headers['wechatpay-serial'], (await get()).headers['wechatpay-serial']];
    const { serial: second, certificate } = emulator.rotateCertificate({ signs: 'old' });
    expect(opened(await get()).map(({ serialNumber }) => serialNumber)).toEqual([second, first?.serialNumber]);
    expect(await serials()).toEqual([first?.serialNumber, first?.serialNumber]);
    expect(Date.parse(new X509Certificate(certificate).validFrom)).toBeGreaterThan(Date.parse(first?.validFrom ?? ''));
    emulator.retireCertificates();
    expect(await serials()).toEqual([second, second]);
    const { serial: third } = emulator.rotateCertificate({ signs: 'both' });
    expect(new Set(await serials())).toEqual(new Set([second, third]));
    const again = () => emulator.rotateCertificate({ certificate: keys.platform });
    emulator.reset();
    expect(again).toThrow(EmulatorControlError);
    expect(await serials()).toEqual([first?.serialNumber, first?.serialNumber]);
  });

  it('give way to the public key as merchants move to it', async () => {
    const asked = async () => {
      const headers = { 'Wechatpay-Serial': keys.publicKey.serial };
      const reply = await sendV3(emulator, 'GET', '/v3/certificates', undefined, { headers });
      return [reply.status, reply.headers['wechatpay-serial']];
    };
    expect([emulator.publicKeyStage, await asked()]).toEqual(['started', [200, keys.publicKey.serial]]);
    emulator.publicKeyStage = 'notStarted';
    expect(await asked()).toEqual([200, keys.platform.serial]);
    emulator.publicKeyStage = 'finished';
    expect(await asked()).toEqual([404, keys.publicKey.serial]);
    expect((await get()).json.code).toBe('RESOURCE_NOT_EXISTS');
    expect((await get()).headers['wechatpay-serial']).toBe(keys.publicKey.serial);
  });
});

describe('the faults of certificates', () => {
  it('spoil the lists alone, in what they hold and not in how they are signed', async () => {
    const { serial } = keys.platform;
    for (const make of ['missing', 'empty', 'wrongKey', 'tampered', 'serialMismatch', 'expired', 'weakKey'] as const) {
      emulator.faults.add({ kind: 'certificates', make });
      const reply = await get();
      expect([make, reply.status, reply.headers['wechatpay-serial']]).toEqual([
        make,
        make === 'missing' ? 404 : 200,
        serial,
      ]);
      if (make === 'wrongKey' || make === 'tampered') expect(() => opened(reply)).toThrow();
      if (make === 'empty') expect(reply.json).toEqual({ data: [] });
      const [certificate] = ['serialMismatch', 'expired', 'weakKey'].includes(make) ? opened(reply) : [];
      const [entry] = Object.values(reply.json.data ?? {});
      if (make === 'serialMismatch') expect(entry?.serial_no).not.toBe(certificate?.serialNumber);
      if (make === 'expired') expect(Date.parse(certificate?.validTo ?? '')).toBeLessThan(Date.now());
      if (make === 'weakKey') expect(certificate?.publicKey.asymmetricKeyDetails?.modulusLength).toBe(1024);
      emulator.faults.clear();
    }
    emulator.faults.add({ kind: 'certificates', make: 'missing' });
    emulator.place({ out_trade_no: 'FAULT00001' });
    const body = { mchid: '1900000109' };
    expect((await sendV3(emulator, 'POST', '/v3/pay/transactions/out-trade-no/FAULT00001/close', body)).status).toBe(
      204,
    );
  });
});
