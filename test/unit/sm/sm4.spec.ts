import { createCipheriv, createSecretKey, generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { decryptSmResource, type EncryptedResource, SmDecryptionError } from 'nestjs-wechatpay/sm';
import fc from 'fast-check';

import { sm3, sm4 } from '../../../lib/sm/sm-crypto.js';
import { openSm4Gcm } from '../../../lib/sm/sm4-gcm.js';

const apiV3Key = 'a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb';
/** Published vector V9. */
const resource = {
  nonce: 'uluk4a9R25RW',
  associated_data: 'associatedData',
  ciphertext: '+lcLNfkZQQx+iQm20Apa3x9Mb/5L7PgZ7w==',
};

/** What decrypting ends in. */
function failure(change: Partial<EncryptedResource>, key: Parameters<typeof decryptSmResource>[1] = apiV3Key): unknown {
  try {
    return decryptSmResource({ ...resource, ...change }, key);
  } catch (error) {
    return error;
  }
}

describe('decryptSmResource', () => {
  it('V9: decrypts what WeChat Pay encrypted, with the key in any form', () => {
    for (const key of [apiV3Key, Buffer.from(apiV3Key), createSecretKey(Buffer.from(apiV3Key))]) {
      expect(decryptSmResource(resource, key).toString()).toBe('plaintext');
    }
  });

  it('decrypts a certificate of usual length, and one without associated data', () => {
    const plain = Buffer.from(`-----BEGIN CERTIFICATE-----\n${'证书'.repeat(400)}\n`);
    for (const associated_data of ['certificate', '']) {
      const key = Buffer.from(sm3(Buffer.from(apiV3Key)), 'hex').subarray(0, 16);
      const { output, tag } = sm4.encrypt(plain, key, {
        mode: 'gcm',
        output: 'array',
        outputTag: true,
        iv: Buffer.from(resource.nonce),
        associatedData: Buffer.from(associated_data),
      });
      const ciphertext = Buffer.concat([output, tag ?? Buffer.of()]).toString('base64');
      const { nonce } = resource;
      const given = associated_data === '' ? { nonce, ciphertext } : { nonce, associated_data, ciphertext };
      expect(decryptSmResource(given, apiV3Key)).toEqual(plain);
    }
  });

  it('refuses every flipped bit of ciphertext and tag', () => {
    const sealed = Buffer.from(resource.ciphertext, 'base64');
    for (let bit = 0; bit < sealed.byteLength * 8; bit++) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect([bit, failure({ ciphertext: flipped.toString('base64') })]).toEqual([bit, expect.any(SmDecryptionError)]);
    }
  });

  it('refuses everything else that is wrong, with the same error, which holds no key', () => {
    const sealed = Buffer.from(resource.ciphertext, 'base64');
    const failures = [
      failure({}, 'b7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb'),
      failure({}, ''),
      failure({}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      failure({ nonce: 'uluk4a9R25RX' }),
      failure({ nonce: 'uluk4a9R25R' }),
      failure({ nonce: 'uluk4a9R25RWW' }),
      failure({ nonce: '' }),
      failure({ associated_data: 'associatedDatb' }),
      failure({ associated_data: '' }),
      failure({ ciphertext: '' }),
      failure({ ciphertext: sealed.subarray(0, -1).toString('base64') }),
      failure({ ciphertext: sealed.subarray(0, 15).toString('base64') }),
      failure({ ciphertext: sealed.subarray(0, 9).toString('base64') }),
      failure({ ciphertext: Buffer.concat([sealed, Buffer.of(0)]).toString('base64') }),
      failure({ ciphertext: `${resource.ciphertext}\n` }),
      failure({ ciphertext: resource.ciphertext.replace(/=+$/, '') }),
      failure({ ciphertext: undefined as unknown as string }),
      failure({}, null as unknown as string),
    ];
    for (const error of failures) expect(error).toBeInstanceOf(SmDecryptionError);
    expect(
      new Set(failures.map((error) => JSON.stringify([(error as Error).message, (error as Error).cause]))),
    ).toEqual(new Set([JSON.stringify([new SmDecryptionError().message, undefined])]));
    expect(new SmDecryptionError().message).not.toContain(apiV3Key);
  });
});

describe('SM4-GCM', () => {
  it('opens the example of RFC 8998', () => {
    const hex = (text: string) => Buffer.from(text, 'hex');
    const opened = openSm4Gcm({
      key: hex('0123456789abcdeffedcba9876543210'),
      nonce: hex('00001234567800000000abcd'),
      associatedData: hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
      sealed: hex(
        '17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735' +
          'd82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d' +
          '83de3541e4c2b58177e065a9bf7b62ec',
      ),
    });
    expect(opened.toString('hex')).toBe(
      ['a', 'b', 'c', 'd', 'e', 'f', 'e', 'a'].map((digit) => digit.repeat(16)).join(''),
    );
  });

  it('takes nonces of 12 bytes only, rightly sealed or not', () => {
    const [key, associatedData] = [Buffer.alloc(16, 1), Buffer.of()];
    const taken = [11, 12, 13, 16].filter((length) => {
      const nonce = Buffer.alloc(length, 2);
      const options = { mode: 'gcm', output: 'array', outputTag: true, iv: nonce } as const;
      const { output, tag = Buffer.of() } = sm4.encrypt(Buffer.from('plain'), key, options);
      try {
        return openSm4Gcm({ key, nonce, associatedData, sealed: Buffer.concat([output, tag]) }).toString() === 'plain';
      } catch {
        return false;
      }
    });
    expect(taken).toEqual([12]);
  });

  it("enciphers as Node's SM4 in counter mode does", () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(bytes(16), bytes(12), fc.uint8Array({ maxLength: 100 }), (key, nonce, plain) => {
        const { output, tag = Buffer.of() } = sm4.encrypt(plain, key, {
          mode: 'gcm',
          output: 'array',
          outputTag: true,
          iv: nonce,
        });
        const counter = Buffer.concat([nonce, Buffer.of(0, 0, 0, 2)]);
        expect(Buffer.from(output)).toEqual(createCipheriv('sm4-ctr', key, counter).update(plain));
        const sealed = Buffer.concat([output, tag]);
        expect(openSm4Gcm({ key, nonce, associatedData: Buffer.of(), sealed })).toEqual(Buffer.from(plain));
      }),
    );
  });
});
