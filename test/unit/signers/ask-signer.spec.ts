import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { AttemptFault } from '../../../lib/answers/attempt-fault.js';
import { askSigner } from '../../../lib/signers/ask-signer.js';
import { HmacSha256Signer } from '../../../lib/signers/hmac-sha256.signer.js';
import { Md5Signer } from '../../../lib/signers/md5.signer.js';
import { RsaSha256Signer } from '../../../lib/signers/rsa-sha256.signer.js';
import { Signer, type SigningIdentity } from '../../../lib/signers/signer.js';

const identity = { mchid: '1900000109' };

class Scribe extends Signer {
  readonly scheme = 'X';
  readonly asked: [string, SigningIdentity][] = [];

  constructor(private readonly writes: () => unknown) {
    super();
  }

  sign(message: string, whose: SigningIdentity): string {
    this.asked.push([message, whose]);
    return this.writes() as string;
  }
}

async function faultOf(signer: Signer | undefined): Promise<AttemptFault> {
  try {
    await askSigner(signer, 'm', identity);
  } catch (error) {
    if (error instanceof AttemptFault) return error;
    throw error;
  }
  throw new Error('it signed');
}

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

describe('askSigner', () => {
  it.each([
    ['hex', 'ABCDEF0123'],
    ['base64', 'ab+/09=='],
    ['one character', 'a'],
    ['4096 characters', 'a'.repeat(4_096)],
  ])('takes %s', async (_, signature) => {
    const signer = new Scribe(() => signature);
    expect(await askSigner(signer, 'm', identity)).toBe(signature);
    expect(signer.asked).toEqual([['m', identity]]);
  });

  it('waits for a signature', async () => {
    expect(await askSigner(new Scribe(() => Promise.resolve('AB')), 'm', identity)).toBe('AB');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['4097 characters', 'a'.repeat(4_097)],
    ['a space before', ' AB'],
    ['a line break after', 'AB\n'],
    ['a quotation mark', 'AB"'],
    ['a number', 12],
    ['bytes', Buffer.from('AB')],
  ])('refuses %s, and nothing is sent', async (_, signature) => {
    expect(await faultOf(new Scribe(() => signature))).toMatchObject({
      phase: 'notSent',
      reason: 'signer',
      explanation: 'The signer Scribe gave no signature in hex or base64; nothing was sent.',
    });
  });

  it('refuses a scheme that nobody signs', async () => {
    expect((await faultOf(undefined)).explanation).toBe(
      'The signer (none) gave no signature in hex or base64; nothing was sent.',
    );
  });

  it.each<[string, unknown, string]>([
    ['an error by its name', new TypeError('canary'), 'TypeError'],
    ['an error of a strange name as an object', Object.assign(new Error('x'), { name: 'canary canary' }), 'object'],
    [
      'an error of a name with a line break as an object',
      Object.assign(new Error('x'), { name: 'canary\n' }),
      'object',
    ],
    ['an error of a long name as an object', Object.assign(new Error('x'), { name: 'c'.repeat(65) }), 'object'],
    ['an error without a name as an object', Object.assign(new Error('x'), { name: '' }), 'object'],
    [
      'an error of 61 letters by its name',
      Object.assign(new Error('x'), { name: `${'c'.repeat(56)}Error` }),
      `${'c'.repeat(56)}Error`,
    ],
    ['a text by its type', 'canary', 'string'],
    ['an object with a name by its type', { name: 'canary' }, 'object'],
  ])('tells %s, and never what it said', async (_, thrown, kind) => {
    expect((await faultOf(new Scribe(throwing(thrown)))).explanation).toBe(
      `The signer Scribe failed with ${kind}; nothing was sent.`,
    );
  });
});

describe('the built-in signers', () => {
  it.each([
    ['MD5', new Md5Signer()],
    ['HMAC-SHA256', new HmacSha256Signer()],
    ['WECHATPAY2-SHA256-RSA2048', new RsaSha256Signer()],
  ])('%s: is found by its scheme, needs a key, and says for which merchant', (scheme, signer) => {
    expect(signer.scheme).toBe(scheme);
    expect(signer.holdsKey).toBe(false);
    expect(() => signer.sign('m', identity)).toThrow('merchant 1900000109 has no key for this signer');
  });

  it('RSA: fails with a key that cannot sign', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('x25519');
    for (const key of [privateKey, publicKey]) {
      await expect(new RsaSha256Signer().sign('m', { ...identity, key })).rejects.toThrow();
    }
  });
});
