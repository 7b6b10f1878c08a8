import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import {
  HmacSha256Signer,
  HmacSha256Verifier,
  Md5Signer,
  Md5Verifier,
  RsaSha256Signer,
  RsaSha256Verifier,
  type Signer,
} from 'nestjs-wechatpay';
import { Sm2Signer, Sm2Verifier, WECHATPAY2_SM2_WITH_SM3 } from 'nestjs-wechatpay/sm';
import { type ConformanceCase, signerConformance, verifierConformance } from 'nestjs-wechatpay/testing';

import { sm2 } from '../../lib/sm/sm-crypto.js';
import { BuiltInRsaSha256Verifier } from '../../lib/verifiers/built-in-rsa-sha256.verifier.js';
import { BROKEN_SIGNERS, refusingSigner, stuckSigner } from '../support/broken-signers.js';
import { BROKEN_VERIFIERS } from '../support/broken-verifiers.js';
import { sm2Pair } from '../support/sm2-keys.js';

const userId = '1234567812345678';
const sm2Merchants = ['1900000109', '1900000110'].map((mchid) => {
  const { privateKey, publicKey, publicHex } = sm2Pair();
  return { mchid, key: privateKey, checkKey: publicKey, publicHex };
});

describe.each([
  ['MD5', Md5Signer],
  ['HMAC-SHA256', HmacSha256Signer],
  ['WECHATPAY2-SHA256-RSA2048', RsaSha256Signer],
])('our signer of %s', (scheme, OurSigner) => {
  it.each(signerConformance(() => new OurSigner(), { scheme }))('$name', ({ run }) => run());
});

describe('our signer of SM2', () => {
  const verify = (message: Uint8Array, signature: string, merchant: { readonly mchid: string }) => {
    const { publicHex = '' } = sm2Merchants.find(({ mchid }) => mchid === merchant.mchid) ?? {};
    const hex = Buffer.from(signature, 'base64').toString('hex');
    return sm2.doVerifySignature(message, hex, publicHex, { hash: true, der: true, userId });
  };
  const options = { scheme: WECHATPAY2_SM2_WITH_SM3, merchants: sm2Merchants, verify };
  it.each(signerConformance(() => new Sm2Signer(), options))('$name', ({ run }) => run());
});

describe.each([
  ['MD5', Md5Verifier],
  ['HMAC-SHA256', HmacSha256Verifier],
  ['WECHATPAY2-SHA256-RSA2048', RsaSha256Verifier],
  ['WECHATPAY2-SHA256-RSA2048', BuiltInRsaSha256Verifier],
])('our verifier of %s', (scheme, OurVerifier) => {
  it.each(verifierConformance(() => new OurVerifier(), { scheme }))('$name', ({ run }) => run());
});

describe('our verifier of SM2', () => {
  const makeSignatory = () => {
    const { publicKey, privateHex } = sm2Pair();
    const signed = (message: Uint8Array, options: { readonly userId?: string; readonly hash: boolean }) =>
      Buffer.from(sm2.doSignature(message, privateHex, { der: true, ...options }), 'hex').toString('base64');
    return {
      key: publicKey,
      sign: (message: Uint8Array) => signed(message, { hash: true, userId }),
      lookalikes: (message: Uint8Array) => [
        signed(message, { hash: true, userId: 'another' }),
        signed(message, { hash: false }),
      ],
    };
  };
  const options = { scheme: WECHATPAY2_SM2_WITH_SM3, makeSignatory };
  it.each(verifierConformance(() => new Sm2Verifier(), options))('$name', ({ run }) => run());
});

/** What the one case says whose name begins like this. */
async function complaintOf(cases: readonly ConformanceCase[], beginning: string): Promise<unknown> {
  const [found, ...others] = cases.filter(({ name }) => name.startsWith(beginning));
  expect(others).toEqual([]);
  if (found === undefined) throw new Error(`there is no case that begins with: ${beginning}`);
  return found.run().then(
    () => undefined,
    (error: unknown) => error,
  );
}

it.each(BROKEN_SIGNERS)('a signer that $fault is found out', async ({ scheme, make, fails, sentence }) => {
  const complaint = await complaintOf(signerConformance(make, { scheme }), fails);
  expect(complaint).toMatchObject({ constructor: Error, message: expect.stringMatching(sentence) });
});

it.each(BROKEN_VERIFIERS)('a verifier that $fault is found out', async ({ scheme, make, fails, sentence }) => {
  const complaint = await complaintOf(verifierConformance(make, { scheme }), fails);
  expect(complaint).toMatchObject({ constructor: Error, message: expect.stringMatching(sentence) });
});

it('asks for what it cannot know of a scheme that is not built in', () => {
  expect(() => signerConformance(() => new Sm2Signer(), { scheme: WECHATPAY2_SM2_WITH_SM3 })).toThrow(
    'give options.verify and options.merchants',
  );
  expect(() => verifierConformance(() => new Sm2Verifier(), { scheme: WECHATPAY2_SM2_WITH_SM3 })).toThrow(
    'give options.makeSignatory',
  );
});

describe('a signer that waits for a backend', () => {
  const scheme = 'WECHATPAY2-SHA256-RSA2048';
  const casesOf = (makeStuck: () => Signer) =>
    signerConformance(() => new RsaSha256Signer(), { scheme, makeStuck }).filter(({ name }) =>
      name.startsWith('where its backend keeps silent'),
    );

  const stopping = casesOf(() => stuckSigner((_, reject) => reject(new Error('told to stop'))));
  it.each(stopping)('that stops when it is told to does right: $name', ({ run }) => run());

  it.each([
    ['does not listen', () => stuckSigner(() => {}), /told to stop by identity\.signal, and sign did not end/],
    ['says anything at last', () => stuckSigner((resolve) => resolve('QUJD')), /gave a signature; makeStuck must/],
    ['is not stuck at all', () => new RsaSha256Signer(), /reported closed|did not end|was not told to stop/],
  ])(
    'that %s is found out',
    async (_, makeStuck, sentence) => {
      for (const { run } of casesOf(makeStuck)) await expect(run()).rejects.toThrow(sentence);
    },
    20_000,
  );

  it.each([
    ['message', (token: string) => new Error(`401 for Bearer ${token}`)],
    ['cause', (token: string) => new Error('401', { cause: { headers: { authorization: token } } })],
    ['own words', (token: string) => ({ toString: () => token })],
  ])('that tells its token in the %s of an error is found out', async (_, errorOf) => {
    const token = 'kms-token-1234567890';
    const makeBroken = () => refusingSigner(errorOf(token));
    const cases = signerConformance(() => new RsaSha256Signer(), { scheme, makeBroken, secrets: [token] });
    expect(await complaintOf(cases, 'shows no secret')).toMatchObject({
      message: expect.stringMatching(/^A secret can be read off the signer's error, in /),
    });
    expect(await complaintOf(cases, 'where it cannot sign')).toBeUndefined();
  });
});

it('works with node:test, and finds a rejection that is left behind', async () => {
  const script = fileURLToPath(new URL('fixtures/conformance.node-test.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--test-reporter=tap', script]);
  expect(stdout).toMatch(/^# pass [3-9]\d$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
}, 60_000);
