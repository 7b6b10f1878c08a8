import { createSecretKey } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import type { Answer } from '../../../lib/answers/answer.js';
import { askVerifier } from '../../../lib/verifiers/ask-verifier.js';
import { type SignatureEvidence, Verifier } from '../../../lib/verifiers/verifier.js';

const answer: Answer = { kind: 'done', status: 204 };
const evidence = { message: Buffer.from('m'), signature: 's', key: createSecretKey(Buffer.from('k')) };

class Witness extends Verifier {
  readonly scheme = 'X';
  readonly heard: SignatureEvidence[] = [];

  constructor(private readonly says: () => unknown) {
    super();
  }

  matches(given: SignatureEvidence): boolean {
    this.heard.push(given);
    return this.says() as boolean;
  }
}

describe('askVerifier', () => {
  it.each([
    ['yes', () => true],
    ['yes later', () => Promise.resolve(true)],
  ])('seals the answer on %s', async (_, says) => {
    const verifier = new Witness(says);
    const result = await askVerifier(verifier, answer, evidence);
    expect(result.kind === 'verified' && result.answer.value).toBe(answer);
    expect(verifier.heard).toEqual([evidence]);
  });

  it.each<[string, () => unknown]>([
    ['no', () => false],
    ['no later', () => Promise.resolve(false)],
    ['nothing', () => undefined],
    ['1', () => 1],
    ['"true"', () => 'true'],
    ['an object', () => ({})],
  ])('does not believe the reply on %s', async (_, says) => {
    expect(await askVerifier(new Witness(says), answer, evidence)).toEqual({
      kind: 'silence',
      doubt: { phase: 'verify', reason: 'signature', explanation: expect.any(String) },
    });
  });

  it('does not believe the reply where nobody verifies the scheme', async () => {
    expect(await askVerifier(undefined, answer, evidence)).toMatchObject({
      kind: 'silence',
      doubt: { phase: 'verify', reason: 'signature' },
    });
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('canary'))],
    [
      'throws',
      () => {
        throw new Error('canary');
      },
    ],
  ])('does not believe the reply where the verifier %s, and names it', async (_, says) => {
    expect(await askVerifier(new Witness(says), answer, evidence)).toEqual({
      kind: 'silence',
      doubt: { phase: 'verify', reason: 'verifier', explanation: 'The verifier Witness failed.' },
    });
  });
});
