import { createSecretKey, sign } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  HmacSha256Signer,
  HmacSha256Verifier,
  Md5Signer,
  Md5Verifier,
  RsaSha256Signer,
  RsaSha256Verifier,
} from 'nestjs-wechatpay';

import { canonicalString } from '../../lib/api-v2/canonical-string.js';
import { replyMessage } from '../../lib/api-v3/reply-message.js';
import { RandomNonceSource } from '../../lib/environment/nonce-source.js';
import { rsaPair } from '../support/keys.js';
import { runs } from './runs.js';
import { canonicalV2, signV2 } from './second-opinion.js';

const pair = rsaPair();
const bytes = fc.uint8Array({ maxLength: 300 }).map((given) => Buffer.from(given));
const word = fc.stringMatching(/^[!-~]{1,40}$/);

describe('a signature', () => {
  it('over an APIv3 reply is right for any bytes, and for no others', () => {
    const verifier = new RsaSha256Verifier();
    fc.assert(
      fc.property(word, word, bytes, bytes, (time, nonce, body, other) => {
        const message = Buffer.concat([Buffer.from(`${time}\n${nonce}\n`), body, Buffer.from('\n')]);
        expect(replyMessage(time, nonce, body).equals(message)).toBe(true);
        const signature = sign('sha256', message, pair.privateKey).toString('base64');
        const isRight = (signed: Uint8Array) => verifier.matches({ message: signed, signature, key: pair.publicKey });
        expect(isRight(message)).toBe(true);
        expect(isRight(replyMessage(time, nonce, other))).toBe(other.equals(body));
        expect(isRight(replyMessage(time, `${nonce}x`, body))).toBe(false);
      }),
      runs(500),
    );
  });

  it('of an APIv3 request is right for any text', async () => {
    const [signer, verifier] = [new RsaSha256Signer(), new RsaSha256Verifier()];
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const signature = await signer.sign(text, { mchid: '1', serialNo: '01', key: pair.privateKey });
        expect(verifier.matches({ message: Buffer.from(text), signature, key: pair.publicKey })).toBe(true);
      }),
      runs(300),
    );
  });

  it.each([
    ['MD5', new Md5Signer(), new Md5Verifier(), 32],
    ['HMAC-SHA256', new HmacSha256Signer(), new HmacSha256Verifier(), 64],
  ] as const)('of APIv2 in %s is right for any text, and for no other text or key', (_, signer, verifier, length) => {
    const secret = fc.stringMatching(/^[!-~]{32}$/).map((text) => createSecretKey(Buffer.from(text)));
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, secret, secret, (message, other, key, otherKey) => {
        const signature = signer.sign(message, { mchid: '1', key });
        const evidence = { message: Buffer.from(message), signature, key };
        expect(signature).toMatch(new RegExp(`^[0-9A-F]{${length}}$`));
        expect(verifier.matches(evidence)).toBe(true);
        expect(verifier.matches({ ...evidence, message: Buffer.from(other) })).toBe(other === message);
        expect(verifier.matches({ ...evidence, key: otherKey })).toBe(otherKey.equals(key));
      }),
      runs(1_000),
    );
  });
});

describe('the canonical string of APIv2', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,12}$/);
  const value = fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 20 }));
  const fields = fc.uniqueArray(fc.tuple(name, value), { maxLength: 15, selector: ([field]) => field });

  it('is the same in whatever order the fields come', () => {
    const twice = fields.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length })),
    );
    fc.assert(
      fc.property(twice, ([given, shuffled]) => {
        expect(canonicalString(shuffled)).toBe(canonicalString(given));
        expect(canonicalString(given)).toBe(canonicalV2(new Map(given)));
      }),
      runs(2_000),
    );
  });

  it('drops empty values and sign, and keeps every other field, known or not', () => {
    fc.assert(
      fc.property(fields, value, (given, signature) => {
        const kept = given.filter(([field, content]) => content !== '' && field !== 'sign');
        const string = canonicalString([...given.filter(([field]) => field !== 'sign'), ['sign', signature]]);
        expect(string).toBe(canonicalString(kept));
        for (const [field, content] of kept) expect(`&${string}&`).toContain(`&${field}=${content}&`);
        expect(string).toHaveLength(
          Math.max(
            0,
            kept.reduce((sum, [a, b]) => sum + a.length + b.length + 2, -1),
          ),
        );
      }),
      runs(2_000),
    );
  });

  it('signs as the second implementation does', () => {
    const key = 'k'.repeat(32);
    const identity = { mchid: '1', key: createSecretKey(Buffer.from(key)) };
    fc.assert(
      fc.property(fields, (given) => {
        const message = canonicalString(given);
        expect(new Md5Signer().sign(message, identity)).toBe(signV2(new Map(given), key, 'MD5'));
        expect(new HmacSha256Signer().sign(message, identity)).toBe(signV2(new Map(given), key, 'HMAC-SHA256'));
      }),
      runs(500),
    );
  });
});

it('a million nonces are all different and fit to be one', () => {
  const source = new RandomNonceSource();
  const seen = new Set<string>();
  for (let count = 0; count < 1_000_000; count++) seen.add(source.next());
  expect(seen.size).toBe(1_000_000);
  let isFit = true;
  for (const nonce of seen) isFit &&= /^[0-9A-Za-z]{1,32}$/.test(nonce);
  expect(isFit).toBe(true);
});
