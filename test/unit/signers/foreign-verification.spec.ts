import { createSecretKey } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import foreign from 'wechatpay-axios-plugin';

import { authorizationHeader } from '../../../lib/api-v3/authorization.js';
import { canonicalString } from '../../../lib/api-v2/canonical-string.js';
import { replyMessage } from '../../../lib/api-v3/reply-message.js';
import { requestMessage } from '../../../lib/api-v3/request-message.js';
import { HmacSha256Signer } from '../../../lib/signers/hmac-sha256.signer.js';
import { Md5Signer } from '../../../lib/signers/md5.signer.js';
import { RsaSha256Signer } from '../../../lib/signers/rsa-sha256.signer.js';
import { HmacSha256Verifier } from '../../../lib/verifiers/hmac-sha256.verifier.js';
import { Md5Verifier } from '../../../lib/verifiers/md5.verifier.js';
import { RsaSha256Verifier } from '../../../lib/verifiers/rsa-sha256.verifier.js';
import { rsaPair } from '../../support/keys.js';

/** What is used of the foreign client, whose own types leave these out. */
interface ForeignClient {
  readonly Hash: { sign(type: string, fields: Record<string, string>, key: string): string };
  readonly Rsa: {
    sign(message: string, privateKey: string): string;
    verify(message: string, signature: string, publicKey: string): boolean;
  };
  readonly Formatter: {
    request(method: string, target: string, timestamp: number, nonce: string, body: string): string;
    response(timestamp: string, nonce: string, body: string): string;
    authorization(mchid: string, nonce: string, signature: string, timestamp: number, serialNo: string): string;
  };
}

const { Hash, Rsa, Formatter } = foreign as unknown as ForeignClient;
const secret = '192006250b4c09247ec02edce69f6a2d';
const key = createSecretKey(Buffer.from(secret));
const pair = rsaPair();
const serialNo = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
const fields = fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,11}$/), fc.string({ unit: 'grapheme', maxLength: 24 }), {
  minKeys: 1,
  noNullPrototype: true,
});
const text = fc.string({ unit: 'grapheme', maxLength: 64 });

describe.each([
  ['MD5', new Md5Signer(), new Md5Verifier()],
  ['HMAC-SHA256', new HmacSha256Signer(), new HmacSha256Verifier()],
])('%s, against a foreign client', (scheme, signer, verifier) => {
  it('signs alike and believes alike, whatever the fields', async () => {
    await fc.assert(
      fc.asyncProperty(fields, async (given) => {
        const canonical = canonicalString(Object.entries(given));
        const signature = Hash.sign(scheme, given, secret);
        expect(signer.sign(canonical, { mchid: '1', key })).toBe(signature);
        expect(verifier.matches({ message: Buffer.from(canonical), signature, key })).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('WECHATPAY2-SHA256-RSA2048, against a foreign client', () => {
  const identity = { mchid: '1900000109', serialNo, key: pair.privateKey };

  it('signs requests that the foreign client verifies', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (nonce, body) => {
        const request = { method: 'POST', target: '/v3/x?y=1', timestamp: 1_554_208_460, nonce, body } as const;
        const message = requestMessage(request);
        expect(message).toBe(Formatter.request('POST', '/v3/x?y=1', 1_554_208_460, nonce, body));
        const signature = await new RsaSha256Signer().sign(message, identity);
        expect(Rsa.verify(message, signature, pair.publicPem)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('writes the same Authorization', () => {
    const { mchid } = identity;
    const parts = { mchid, nonce_str: 'n', timestamp: 1, serial_no: serialNo, signature: 'c2ln' };
    const parsed = (header: string) => [header.split(' ', 1), header.replace(/^\S+ /, '').split(',').sort()];
    const header = authorizationHeader({ scheme: 'WECHATPAY2-SHA256-RSA2048', ...parts });
    expect(parsed(header)).toEqual(parsed(Formatter.authorization(mchid, 'n', 'c2ln', 1, serialNo)));
  });

  it('believes replies that the foreign client signs, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        const message = replyMessage('1554209980', 'nonce', Buffer.from(body));
        const foreignMessage = Formatter.response('1554209980', 'nonce', body);
        expect(message.toString()).toBe(foreignMessage);
        const evidence = { message, signature: Rsa.sign(foreignMessage, pair.privatePem), key: pair.publicKey };
        const verifier = new RsaSha256Verifier();
        expect(verifier.matches(evidence)).toBe(true);
        expect(verifier.matches({ ...evidence, message: Buffer.concat([message, Buffer.of(0)]) })).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('believes only the canonical base64 of a signature', async () => {
    const message = Buffer.from('m');
    const signature = Rsa.sign('m', pair.privatePem);
    const spellings = [
      `${signature}\n`,
      ` ${signature}`,
      signature.replaceAll('=', ''),
      `${signature.slice(0, 9)}!${signature.slice(9)}`,
      signature.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
      `${signature}AAAA`,
      '',
    ];
    for (const spelling of spellings) {
      expect(new RsaSha256Verifier().matches({ message, signature: spelling, key: pair.publicKey })).toBe(false);
    }
    expect(new RsaSha256Verifier().matches({ message, signature, key: pair.publicKey })).toBe(true);
  });
});
