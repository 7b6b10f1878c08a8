import { createCipheriv, createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { RsaSha256Verifier } from 'nestjs-wechatpay';
import { Sm2Verifier } from 'nestjs-wechatpay/sm';

import { CertificateFault } from '../../../lib/platform-keys/certificate.fault.js';
import { readCertificateList } from '../../../lib/platform-keys/read-certificate-list.js';
import { sm3, sm4 } from '../../../lib/sm/sm-crypto.js';
import { AES_256_GCM, openAes256Gcm } from '../../../lib/verifiers/aes-256-gcm.js';
import { DecryptionError } from '../../../lib/verifiers/decryption.error.js';
import { certificate, rsaPair } from '../../support/keys.js';
import { sm2Certificate, sm2Pair } from '../../support/sm2-keys.js';

/** Published vector V7. */
const API_V3_KEY = 'a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb';
const key = createSecretKey(Buffer.from(API_V3_KEY));
const vector = {
  nonce: 'uluk4a9R25RW',
  associated_data: 'associatedData',
  ciphertext: 'ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=',
};
const SERIAL = '0E'.repeat(20);
const now = Date.parse('2026-11-22T00:00:00Z');
const platform = rsaPair();
const pem = certificate(platform, SERIAL);

function failureOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe('openAes256Gcm', () => {
  it('V7: decrypts what WeChat Pay encrypted', () => {
    expect(openAes256Gcm(vector, key).toString()).toBe('message');
  });

  it('refuses everything that is wrong with one and the same error, and leaves OpenSSL as it was', () => {
    const sealed = Buffer.from(vector.ciphertext, 'base64');
    const flips = Array.from({ length: sealed.byteLength * 8 }, (_, bit) => {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return { ciphertext: flipped.toString('base64') };
    });
    const changes = [
      ...flips,
      { nonce: 'uluk4a9R25R' },
      { nonce: 'uluk4a9R25RWW' },
      { nonce: '' },
      { associated_data: 'associatedDatb' },
      { associated_data: undefined },
      { ciphertext: '' },
      { ciphertext: sealed.subarray(0, 15).toString('base64') },
      { ciphertext: sealed.subarray(0, -1).toString('base64') },
      { ciphertext: `${vector.ciphertext}\n` },
      { ciphertext: vector.ciphertext.replace('=', '') },
    ];
    const failures = [
      ...changes.map((change) => failureOf(() => openAes256Gcm({ ...vector, ...change }, key))),
      failureOf(() => openAes256Gcm(vector, createSecretKey(Buffer.alloc(32)))),
      failureOf(() => openAes256Gcm(vector, createSecretKey(Buffer.alloc(16)))),
    ];
    for (const failure of failures) expect(failure).toBeInstanceOf(DecryptionError);
    expect(new Set(failures.map((failure) => (failure as Error).message)).size).toBe(1);
    expect((failures[0] as Error).cause).toBeUndefined();
    expect(createPrivateKey(platform.privatePem).type).toBe('private');
  });

  it('takes no nonce but one of 12 bytes, even if it is rightly sealed', () => {
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(API_V3_KEY), Buffer.from('sixteen bytes 16'));
    const sealed = Buffer.concat([cipher.update('plain'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    const failure = failureOf(() => openAes256Gcm({ nonce: 'sixteen bytes 16', ciphertext: sealed }, key));
    expect(failure).toBeInstanceOf(DecryptionError);
  });
});

/** An entry of a list. */
function entry(text = pem, serial_no = SERIAL, algorithm = 'AEAD_AES_256_GCM') {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(API_V3_KEY), Buffer.from(vector.nonce));
  cipher.setAAD(Buffer.from('certificate'));
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  const encrypt_certificate = {
    algorithm,
    nonce: vector.nonce,
    associated_data: 'certificate',
    ciphertext: sealed.toString('base64'),
  };
  return { serial_no, effective_time: '2026-01-01T08:00:00+08:00', encrypt_certificate };
}

const verifier = new RsaSha256Verifier();
const reading = { cipher: AES_256_GCM, apiV3Key: key, keyFault: (own: KeyObject) => verifier.keyFault(own), now };
const read = (data: unknown) => readCertificateList({ data }, reading);

describe('readCertificateList', () => {
  it('reads certificates, leading zeros and all', () => {
    const [found, ...others] = read([entry()]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ serial: SERIAL, notBefore: Date.parse('2026-01-01T00:00:00Z') });
    expect(found?.key.equals(platform.publicKey)).toBe(true);
  });

  it('passes over what is of another algorithm, expired, of the future, or of a weak key', () => {
    const weak = certificate(rsaPair(1024), 'AA'.repeat(20));
    const list = [entry('?', 'BB', 'AEAD_SM4_GCM'), entry(weak, 'AA'.repeat(20)), entry()];
    expect(read(list).map(({ serial }) => serial)).toEqual([SERIAL]);
    for (const time of ['2025-12-31T23:50:00Z', '2031-01-01T00:00:01Z']) {
      const failure = failureOf(() => readCertificateList({ data: [entry()] }, { ...reading, now: Date.parse(time) }));
      expect(failure).toMatchObject({ explanation: expect.stringContaining("valid at this machine's time") });
    }
    const early = { ...reading, now: Date.parse('2025-12-31T23:56:00Z') };
    expect(readCertificateList({ data: [entry()] }, early)).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['no list', undefined],
    ['an object', {}],
    ['an empty list', []],
    ['more than twenty entries', Array.from({ length: 21 }, () => entry())],
    ['a serial in small letters', [entry(pem, SERIAL.toLowerCase())]],
    ['an entry without ciphertext', [{ ...entry(), encrypt_certificate: {} }]],
    ['a good entry beside one whose serial is another', [entry(), entry(pem, 'CC'.repeat(20))]],
    ['a good entry beside one that is encrypted otherwise', [entry(), tampered()]],
    ['text that is no certificate', [entry('hello')]],
    ['a public key', [entry(platform.publicPem)]],
  ])('refuses %s', (_, data) => {
    const failure = failureOf(() => read(data));
    expect(failure).toBeInstanceOf(CertificateFault);
    expect(failure).toMatchObject({ reason: 'certificates', mayPass: false });
    expect((failure as CertificateFault).explanation).not.toContain(API_V3_KEY);
  });

  it('reads the certificates of a merchant that signs with SM2', () => {
    const pair = sm2Pair();
    const sm2 = new Sm2Verifier();
    const sm4Key = Buffer.from(sm3(Buffer.from(API_V3_KEY)), 'hex').subarray(0, 16);
    const { output, tag } = sm4.encrypt(Buffer.from(sm2Certificate(pair, SERIAL)), sm4Key, {
      mode: 'gcm',
      output: 'array',
      outputTag: true,
      iv: Buffer.from(vector.nonce),
      associatedData: Buffer.from('certificate'),
    });
    const ciphertext = Buffer.concat([output, tag ?? Buffer.of()]).toString('base64');
    const sealed = { algorithm: 'AEAD_SM4_GCM', nonce: vector.nonce, associated_data: 'certificate', ciphertext };
    const cipher = sm2.certificateCipher;
    const [found] = readCertificateList(
      { data: [entry(), { serial_no: SERIAL, encrypt_certificate: sealed }] },
      { cipher, apiV3Key: key, keyFault: (own) => sm2.keyFault(own), now },
    );
    expect(cipher.query).toBe('?algorithm_type=SM2');
    expect(found?.key.equals(pair.publicKey)).toBe(true);
  });
});

function tampered() {
  const good = entry();
  const { ciphertext } = good.encrypt_certificate;
  const changed = (ciphertext.startsWith('A') ? 'B' : 'A') + ciphertext.slice(1);
  return { ...good, encrypt_certificate: { ...good.encrypt_certificate, ciphertext: changed } };
}
