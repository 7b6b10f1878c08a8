import { createSecretKey, sign } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { BuiltInRsaSha256Verifier } from '../../../lib/verifiers/built-in-rsa-sha256.verifier.js';
import { RsaSha256Verifier } from '../../../lib/verifiers/rsa-sha256.verifier.js';
import { rsaPair } from '../../support/keys.js';

const pair = rsaPair();
const message = Buffer.from('message');
const signature = sign('sha256', message, pair.privateKey).toString('base64');
const evidence = { message, signature, key: pair.publicKey };

const pieces = [
  evidence,
  { ...evidence, message: Buffer.from('another message') },
  { ...evidence, key: rsaPair().publicKey },
  { ...evidence, signature: `${signature}\n` },
  { ...evidence, signature: '' },
  { ...evidence, signature: Buffer.alloc(256, 1).toString('base64') },
];

describe('BuiltInRsaSha256Verifier', () => {
  it('answers at once where it is asked once in a turn of the event loop', async () => {
    const verifier = new BuiltInRsaSha256Verifier();
    for (const piece of pieces) {
      expect(verifier.matches(piece)).toBe(new RsaSha256Verifier().matches(piece));
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('agrees with itself where it is asked often, on the threadpool', async () => {
    const verifier = new BuiltInRsaSha256Verifier();
    const asked = Array.from({ length: 10 }, () => pieces).flat();
    const verdicts = asked.map((piece) => verifier.matches(piece));
    expect(verdicts.filter((verdict) => verdict instanceof Promise).length).toBeGreaterThan(30);
    expect(await Promise.all(verdicts.map((verdict) => Promise.resolve(verdict)))).toEqual(
      asked.map((piece) => piece === evidence),
    );
  });

  it('answers 16 times at once in a turn of the event loop, and not once more', async () => {
    const verifier = new BuiltInRsaSha256Verifier();
    for (let turn = 0; turn < 2; turn++) {
      const verdicts = Array.from({ length: 20 }, () => verifier.matches(evidence));
      expect(verdicts.slice(0, 16)).toEqual(Array.from({ length: 16 }, () => true));
      expect(await Promise.all(verdicts.slice(16).map((verdict) => Promise.resolve(verdict)))).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(verdicts.slice(16).every((verdict) => verdict instanceof Promise)).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('fails for a key that is none of its kind, and is none the worse for it', async () => {
    const verifier = new BuiltInRsaSha256Verifier();
    const ask = async () => verifier.matches({ ...evidence, key: createSecretKey(Buffer.alloc(32)) });
    const failed = await Promise.allSettled([ask(), ask(), ask()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(verifier.matches(evidence)).toBe(true);
  });
});
