import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { Sm2Signer, Sm2Verifier } from 'nestjs-wechatpay/sm';
import fc from 'fast-check';

import { requireSm2Curve } from '../../../lib/sm/require-sm2-curve.js';
import { USER_ID } from '../../../lib/sm/sm.constants.js';
import { sm2, sm3 } from '../../../lib/sm/sm-crypto.js';
import { sm2Pair } from '../../support/sm2-keys.js';

const signer = new Sm2Signer();
const verifier = new Sm2Verifier();
const pair = sm2Pair();
const identity = { mchid: '1900000109', key: pair.privateKey };
const message = Buffer.from('message');

/** Published vectors V8 and V8a: a signature of WeChat Pay's SDK, and the public key that it was made with. */
const VECTOR = {
  signature: 'MEYCIQD35Rp3CKt7pLme/a0GaCVmwSeOl7X/12+ppRivcJuf6QIhAO5Vpy4tSk9SJUrgH5I5Qy0aYhFG9lN0aof1f5wJOI05',
  point:
    '047bcd47f75ea19d04c0a72b4da70f57dd1b3f9337cc5dd1241881b913431939bf' +
    '69a55ef6b46710c7e1724523d0f646dd694d2483976f6e850d466378fa8b2f7e',
  z: '548fd2f1059484760b072617e583d811ee197c92ae286c4b6d4c9f90ead4fe92',
  e: 'b76c756986bd01ce51db4b70ecf43ae8cf3211aa1aa2d4e71c7ef984194a00e2',
};
const vectorKey = createPublicKey({
  key: Buffer.from(`3059301306072a8648ce3d020106082a811ccf5501822d034200${VECTOR.point}`, 'hex'),
  format: 'der',
  type: 'spki',
});

const ORDER = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');
const hexOf = (signature: string) => Buffer.from(signature, 'base64').toString('hex');
const matches = (hex: string, bytes: Uint8Array = message, key = pair.publicKey) =>
  verifier.matches({ message: bytes, signature: Buffer.from(hex, 'hex').toString('base64'), key });

/** DER of two integers, each given as hex of its content. */
function derOf(r: string, s: string): string {
  const integer = (hex: string) => `02${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`;
  const content = integer(r) + integer(s);
  return `30${(content.length / 2).toString(16).padStart(2, '0')}${content}`;
}

/** The contents of a signature's two integers. */
function numbersOf(hex: string): [string, string] {
  const end = 8 + Number.parseInt(hex.slice(6, 8), 16) * 2;
  return [hex.slice(8, end), hex.slice(end + 4)];
}

/** A signature of the signer's whose integers are as wanted. */
function signatureWith(isWanted: (r: string, s: string) => boolean): string {
  for (;;) {
    const hex = hexOf(signer.sign('message', identity));
    if (isWanted(...numbersOf(hex))) return hex;
  }
}

describe('the published vectors', () => {
  it('V8: the signature of the official SDK is right', () => {
    const evidence = { message, signature: VECTOR.signature, key: vectorKey };
    expect(verifier.matches(evidence)).toBe(true);
    expect(verifier.matches({ ...evidence, message: Buffer.from('Message') })).toBe(false);
    expect(verifier.matches({ ...evidence, key: pair.publicKey })).toBe(false);
  });

  it('V8a: the library hashes the user id and the key as it should', () => {
    expect(Buffer.from(sm2.getZ(VECTOR.point, USER_ID)).toString('hex')).toBe(VECTOR.z);
    expect(sm2.getHash(message, VECTOR.point, USER_ID)).toBe(VECTOR.e);
  });
});

describe('against the OpenSSL inside Node, which signs under an empty user id', () => {
  it('has the same SM3', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(sm3(bytes)).toBe(createHash('sm3').update(bytes).digest('hex'));
      }),
    );
  });

  it('has the same SM2, user id apart', () => {
    const hex = sm2.doSignature(message, pair.privateHex, { hash: true, der: true, userId: '' });
    expect(verify('sm3', message, pair.publicKey, Buffer.from(hex, 'hex'))).toBe(true);
    const other = sign('sm3', message, pair.privateKey).toString('hex');
    expect(sm2.doVerifySignature(message, other, pair.publicHex, { hash: true, der: true, userId: '' })).toBe(true);
  });

  it('does not believe its signatures, since the user id is not WeChat Pay’s', () => {
    expect(matches(sign('sm3', message, pair.privateKey).toString('hex'))).toBe(false);
  });
});

describe('signer and verifier', () => {
  it('believe each other and the library, whatever is signed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const signature = signer.sign(text, identity);
        const options = { hash: true, der: true, userId: USER_ID };
        expect(verifier.matches({ message: Buffer.from(text), signature, key: pair.publicKey })).toBe(true);
        expect(sm2.doVerifySignature(Buffer.from(text), hexOf(signature), pair.publicHex, options)).toBe(true);
        expect(matches(sm2.doSignature(Buffer.from(text), pair.privateHex, options), Buffer.from(text))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('sign the same message differently each time', () => {
    expect(signer.sign('message', identity)).not.toBe(signer.sign('message', identity));
  });

  it('refuse to sign without a key, and with a key that is not SM2', () => {
    expect(() => signer.sign('message', { mchid: '1900000109' })).toThrow('1900000109');
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => signer.sign('message', { mchid: '1900000109', key })).toThrow('an SM2 key is needed');
  });

  it.each(['1234567812345679', '', '12345678123456781'])('do not believe the user id %p', (userId) => {
    expect(matches(sm2.doSignature(message, pair.privateHex, { hash: true, der: true, userId }))).toBe(false);
    // Only the user id was at fault.
    expect(matches(sm2.doSignature(message, pair.privateHex, { hash: true, der: true, userId: USER_ID }))).toBe(true);
  });

  it('do not believe a signature with any bit of it flipped', () => {
    const bytes = Buffer.from(signer.sign('message', identity), 'base64');
    // One bit of each byte: all of them would take seconds.
    for (let index = 0; index < bytes.byteLength; index++) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ (1 << (index % 8));
      expect([index, matches(flipped.toString('hex'))]).toEqual([index, false]);
    }
  });

  it('do not believe another message, or one that is cut or longer', () => {
    const hex = hexOf(signer.sign('message', identity));
    for (const other of ['messagf', 'messag', 'message ', '']) expect(matches(hex, Buffer.from(other))).toBe(false);
    expect(matches(hex)).toBe(true);
  });
});

describe('the encoding of a signature', () => {
  const long = signatureWith((r, s) => r.length === 66 && s.length === 66);
  const [r, s] = numbersOf(long);
  const plain = signatureWith((a, b) => a.length === 64 && b.length === 64);
  const [a, b] = numbersOf(plain);
  const raised = (hex: string) => `00${(BigInt(`0x${hex}`) + ORDER).toString(16)}`;

  it('is believed with integers of either length', () => {
    expect([matches(long), matches(plain)]).toEqual([true, true]);
  });

  it.each([
    ['a byte after it', `${long}00`],
    ['a byte before it', `00${long}`],
    ['a byte after its integers, counted in', `30${(long.length / 2 - 1).toString(16)}${long.slice(4)}00`],
    ['nothing', ''],
    ['a byte missing', long.slice(0, -2)],
    ['the length in two bytes', `3081${long.slice(2)}`],
    ['an indefinite length', `3080${long.slice(4)}0000`],
    ['a set in place of the sequence', `31${long.slice(2)}`],
    ['an octet string in place of r', long.replace(/^(....)02/, '$104')],
    ['a needless zero before r', derOf(`00${r}`, s)],
    ['a needless zero before s', derOf(a, `00${b}`)],
    ['no zero before r, which makes it negative', derOf(r.slice(2), s)],
    ['no zero before s, which makes it negative', derOf(r, s.slice(2))],
    ['r of zero', derOf('00', s)],
    ['s of zero', derOf(r, '00')],
    ['r without content', derOf('', s)],
    ['s without content', derOf(r, '')],
    ['r that is larger by the order', derOf(raised(r), s)],
    ['s that is larger by the order', derOf(r, raised(s))],
    ['r and s changed over', derOf(s, r)],
    ['a third integer', derOf(r, `${s}020101`).replace(/^30../, `30${(long.length / 2 + 1).toString(16)}`)],
    ['r and s side by side, without DER', r.slice(2) + s.slice(2)],
    ['text', Buffer.from('WECHATPAY/SIGNTEST/').toString('hex')],
  ])('is not believed with %s', (_, hex) => {
    expect(matches(hex)).toBe(false);
  });

  it('is believed in the one canonical base64 only', () => {
    const signature = Buffer.from(long, 'hex').toString('base64');
    const spellings = [
      `${signature}\n`,
      ` ${signature}`,
      `${signature.slice(0, 9)}!${signature.slice(9)}`,
      `WECHATPAY/SIGNTEST/${signature}`,
      '',
    ];
    for (const spelling of spellings) {
      expect(verifier.matches({ message, signature: spelling, key: pair.publicKey })).toBe(false);
    }
  });
});

it('says so where Node was built without SM2', () => {
  expect(() => requireSm2Curve(['prime256v1'])).toThrow(/built without SM2; run the application with/);
  expect(() => requireSm2Curve(['prime256v1', 'SM2'])).not.toThrow();
});
