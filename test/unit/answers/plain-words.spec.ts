import { describe, expect, it } from '@jest/globals';

import { plainWords } from '../../../lib/answers/plain-words.js';

const secret = 'Zk3vQ9xLw2/b+Yp8RtN5sHc7';

describe('plainWords', () => {
  it.each([
    ['all of it', secret],
    ['8 characters of it', `signature ${secret.slice(0, 8)} is wrong`],
    ['8 characters of it with blanks between', secret.slice(12, 22).split('').join(' ')],
    ['8 characters of it in URL encoding', encodeURIComponent(secret.slice(6, 18))],
  ])('does not repeat a secret where a text holds %s', (_, text) => {
    expect(plainWords(text, [secret])).toBe('[redacted: it repeats what was sent in confidence]');
  });

  it('repeats any other words', () => {
    expect(plainWords('The order is paid', [secret])).toBe('The order is paid');
    expect(plainWords(`ends in ${secret.slice(0, 7)}`, [secret])).toBe('ends in Zk3vQ9x');
  });
});
