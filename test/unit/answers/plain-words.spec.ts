import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { plainWords } from '../../../lib/answers/plain-words.js';

const REDACTED = '[redacted: it repeats what was sent in confidence]';
const secret = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789';

describe('plainWords', () => {
  it.each<[string, unknown, string | undefined]>([
    ['words as they are', '订单已支付 (paid)', '订单已支付 (paid)'],
    ['control characters as one space', 'a\r\n\tb\0c', 'a b c'],
    ['line separators as one space', 'a\u2028\u2029b', 'a b'],
    ['C1 control characters as one space', 'a\u0085b', 'a b'],
    ['no white space at the ends', '  a \n', 'a'],
    ['256 characters', 'x'.repeat(256), 'x'.repeat(256)],
    ['256 characters of more', `${'x'.repeat(256)}y`, 'x'.repeat(256)],
    ['nothing of an empty text', '', undefined],
    ['nothing of white space', ' \n ', undefined],
    ['nothing of a number', 1, undefined],
    ['nothing of nothing', undefined, undefined],
    ['nothing of an array', ['a'], undefined],
  ])('keeps %s', (_, text, kept) => {
    expect(plainWords(text, [])).toBe(kept);
  });

  it.each([
    ['the whole secret', secret],
    ['the secret among words', `your sign is ${secret}, and it is wrong`],
    ['its first 8 characters', secret.slice(0, 8)],
    ['8 characters of its middle', secret.slice(7, 15)],
    ['its last 8 characters', secret.slice(-8)],
    ['its characters one by one', secret.split('').join(' ')],
    ['its characters with percent signs between', secret.split('').join('%2B')],
    ['its characters with percent signs in lower case between', secret.split('').join('%2f')],
  ])('redacts %s', (_, text) => {
    expect(plainWords(text, [secret])).toBe(REDACTED);
    expect(plainWords(text, ['another secret of ours', secret])).toBe(REDACTED);
  });

  it.each([
    ['7 characters of a secret', secret.slice(0, 7)],
    ['a secret in the wrong order', secret.split('').toReversed().join('')],
    ['a secret in other letters', secret.slice(0, 26).toLowerCase()],
  ])('keeps %s', (_, text) => {
    expect(plainWords(text, [secret])).toBe(text);
  });

  it('keeps everything beside a secret that is too short to be one', () => {
    expect(plainWords('abcdefg', ['abcdefg', ''])).toBe('abcdefg');
  });

  it('compares letters and digits alone, of the secret, too', () => {
    expect(plainWords('ABCDEFGHIJKLMNOP', ['ABCD+EFGH/IJKL%2BMNOP=='])).toBe(REDACTED);
  });

  it('takes no part of a percent-encoded character of the secret for a letter or digit', () => {
    expect(plainWords('MNOPQRST', ['MNOP%2BQRST'])).toBe(REDACTED);
  });

  it('redacts exactly what shares 8 letters and digits in a row', () => {
    const characters = ['a', 'b', 'c', 'D', '0', '2', 'B', '%', '+', '=', 'ā', '付'];
    const some = fc.string({ unit: fc.constantFrom(...characters), minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(some, some, some, (before, shared, after) => {
        const text = `${before}${shared}`;
        const secretText = `${shared}${after}`;
        const bare = (words: string) => words.replaceAll(/%[0-9A-Fa-f]{2}/g, '').replaceAll(/[^0-9A-Za-z]/g, '');
        const [heard, sent] = [bare(text), bare(secretText)];
        const isShared = Array.from(heard, (__, at) => heard.slice(at, at + 8)).some(
          (part) => part.length === 8 && sent.includes(part),
        );
        expect(plainWords(text, [secretText]) === REDACTED).toBe(isShared);
      }),
      { numRuns: 4_000 },
    );
  });
});
