import { constants, createHash, createPublicKey, privateEncrypt } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Signer } from 'nestjs-wechatpay';
import { signerConformance } from 'nestjs-wechatpay/testing';

import { rsaPair } from '../support/keys.js';
import { ROOT, snippetFile, snippetsOf } from './documents.js';

const FOLDER = join(ROOT, 'test/types/.docs');
const PAGE = 'docs/kms.md';

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  for (const [index, code] of (await snippetsOf(PAGE)).entries()) {
    await writeFile(join(FOLDER, snippetFile(PAGE, index)), code);
  }
});

/** What PKCS #1 puts before a SHA-256 digest. */
const PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const mchid = '1900000109';
const pair = rsaPair();
const merchants = [{ mchid, checkKey: createPublicKey(pair.publicKey.export({ type: 'spki', format: 'pem' })) }];
const scheme = 'WECHATPAY2-SHA256-RSA2048';

/** What a KMS does with a digest. */
function signedDigest(digest: Uint8Array): Buffer {
  if (digest.byteLength !== createHash('sha256').digest().byteLength) throw new Error('ValidationException');
  return privateEncrypt(
    { key: pair.privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.concat([PREFIX, digest]),
  );
}

type Made = { readonly make: () => Signer; readonly makeStuck: () => Signer };
const load = async (index: number) => (await import(join(FOLDER, snippetFile(PAGE, index)))) as Record<string, any>;
const later = <T>(value: T) => new Promise<T>((resolve_) => setImmediate(resolve_, value));

describe('the AWS signer of the page', () => {
  let made: Made;
  beforeAll(async () => {
    const { AwsKmsSigner } = await load(0);
    const kms = {
      sign: async (input: Record<string, any>) => {
        if (input['KeyId'] !== `alias/wechatpay-${mchid}`) throw new Error('NotFoundException');
        expect(input).toMatchObject({ MessageType: 'DIGEST', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' });
        return later({ Signature: new Uint8Array(signedDigest(input['Message'] as Uint8Array)) });
      },
    };
    // As the SDK does: it stops waiting at its abortSignal.
    const silent = {
      sign: (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
        new Promise((__, reject) => abortSignal.addEventListener('abort', () => reject(new Error('AbortError')))),
    };
    made = { make: () => new AwsKmsSigner(kms), makeStuck: () => new AwsKmsSigner(silent) };
  });

  const cases = signerConformance(() => made.make(), { scheme, merchants, makeStuck: () => made.makeStuck() });
  it.each(cases)('$name', ({ run }) => run());
});

describe('the Tencent Cloud signer of the page', () => {
  let made: Made;
  beforeAll(async () => {
    const { TencentKmsSigner } = await load(2);
    const keyIds = new Map([[mchid, 'key-1']]);
    const kms = {
      SignByAsymmetricKey: async (request: Record<string, any>) => {
        expect(request).toMatchObject({ KeyId: 'key-1', Algorithm: 'RSA_PKCS1_SHA_256', MessageType: 'DIGEST' });
        return later({ Signature: signedDigest(Buffer.from(request['Message'], 'base64')).toString('base64') });
      },
    };
    const silent = { SignByAsymmetricKey: () => new Promise(() => {}) };
    made = { make: () => new TencentKmsSigner(kms, keyIds), makeStuck: () => new TencentKmsSigner(silent, keyIds) };
  });

  const cases = signerConformance(() => made.make(), { scheme, merchants, makeStuck: () => made.makeStuck() });
  it.each(cases)('$name', ({ run }) => run());
});
