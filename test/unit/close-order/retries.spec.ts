import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { DoubtReason } from '../../../lib/answers/doubt.js';
import { RetryBudget } from '../../../lib/close-order/retry-budget.js';
import { retryDelay } from '../../../lib/close-order/retry-policy.js';
import { InvalidRequestError } from '../../../lib/errors/invalid-request.error.js';
import { OutcomeUnknownError } from '../../../lib/errors/outcome-unknown.error.js';
import { retryAfterMs } from '../../../lib/transport/retry-after.js';

const settings = { attempts: 3, baseMs: 200, maxMs: 2_000 };
const details = { variant: 'direct', order: {}, authenticated: false, attempts: 1 };
const unknown = (reason: DoubtReason, wish?: number) =>
  new OutcomeUnknownError('x', { ...details, phase: 'sent', reason, retryAfterMs: wish });

describe('retryDelay', () => {
  it.each<[DoubtReason, boolean]>([
    ['connect', true],
    ['reset', true],
    ['timeout', true],
    ['protocol', true],
    ['serverError', true],
    ['rateLimited', true],
    ['tls', false],
    ['signature', false],
    ['unsigned', false],
    ['time', false],
    ['serial', false],
    ['replay', false],
    ['identity', false],
    ['shape', false],
    ['redirect', false],
    ['tooLarge', false],
    ['encoding', false],
    ['tradeState', false],
    ['signer', false],
    ['interceptor', false],
    ['shutdown', false],
    ['internal', false],
  ])('repeats %s: %p', (reason, repeats) => {
    expect(retryDelay(unknown(reason), 1, settings, 0.5) !== undefined).toBe(repeats);
  });

  it('repeats no other error, and no more often than it may', () => {
    expect(retryDelay(new InvalidRequestError([], details), 1, settings, 0.5)).toBeUndefined();
    expect(retryDelay(new Error('x'), 1, settings, 0.5)).toBeUndefined();
    expect(retryDelay(unknown('reset'), 2, settings, 0.5)).toBe(200);
    expect(retryDelay(unknown('reset'), 3, settings, 0.5)).toBeUndefined();
  });

  it('spreads waits over the whole range, doubles them, and caps them', () => {
    const waits = (attempts: number) =>
      [0, 0.5, 0.999].map((random) => retryDelay(unknown('reset'), attempts, { ...settings, attempts: 10 }, random));
    expect(waits(1)).toEqual([0, 100, 199]);
    expect(waits(2)).toEqual([0, 200, 399]);
    expect(waits(9)).toEqual([0, 1_000, 1_998]);
  });

  it('waits longer when it is throttled, and as long as it is asked to, up to 5 s', () => {
    expect(retryDelay(unknown('rateLimited'), 1, settings, 0.5)).toBe(500);
    expect(retryDelay(unknown('rateLimited', 3_000), 1, settings, 0.5)).toBe(3_000);
    expect(retryDelay(unknown('rateLimited', 9_999_000), 1, settings, 0.5)).toBe(5_000);
    expect(retryDelay(unknown('rateLimited', 1), 1, settings, 0.5)).toBe(500);
  });

  it('never waits less than nothing or more than its bounds', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        random,
        fc.integer({ min: 1, max: 9 }),
        fc.option(fc.nat(10 ** 9), { nil: undefined }),
        (chance, attempts, wish) => {
          const wait = retryDelay(unknown('rateLimited', wish), attempts, { ...settings, attempts: 10 }, chance) ?? -1;
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(5_000);
        },
      ),
    );
  });
});

describe('RetryBudget', () => {
  it('runs dry under constant failure and fills with success, for each host by itself', () => {
    const budget = new RetryBudget({ now: () => 0 });
    for (let count = 0; count < 10; count++) expect(budget.spend('a', 'reset')).toBe(true);
    expect(budget.spend('a', 'reset')).toBe(false);
    expect(budget.spend('b', 'rateLimited')).toBe(true);
    for (let count = 0; count < 10; count++) budget.earn('a');
    expect(budget.spend('a', 'reset')).toBe(true);
    expect([budget.left('a'), budget.left('b')]).toEqual([0, 95]);
  });

  it('fills with time, and a clock that is set back takes nothing', () => {
    let now = 1_000_000;
    const budget = new RetryBudget({ now: () => now });
    for (let count = 0; count < 20; count++) expect(budget.spendOnQuery('a')).toBe(true);
    expect(budget.spendOnQuery('a')).toBe(false);
    now += 4_999;
    expect(budget.spendOnQuery('a')).toBe(false);
    now += 1;
    expect(budget.spendOnQuery('a')).toBe(true);
    now -= 500_000;
    expect(budget.left('a')).toBe(0);
    now += 1_000_000;
    expect(budget.left('a')).toBe(100);
  });

  it('stays from 0 to 100 whatever happens', () => {
    const step = fc.oneof(
      fc.constantFrom<DoubtReason | 'success' | 'query'>('reset', 'rateLimited', 'success', 'query'),
      fc.integer({ min: -200_000, max: 200_000 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        let now = 0;
        const budget = new RetryBudget({ now: () => now });
        for (const next of steps) {
          if (typeof next === 'number') now += next;
          else if (next === 'success') budget.earn('a');
          else if (next === 'query') budget.spendOnQuery('a');
          else budget.spend('a', next);
          expect(budget.left('a')).toBeGreaterThanOrEqual(0);
          expect(budget.left('a')).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-11-22T00:00:00Z');
  it.each([
    ['1', 1_000],
    ['9999', 9_999_000],
    ['Sun, 22 Nov 2026 00:00:07 GMT', 7_000],
    ['Sun, 22 Nov 2026 00:00:00 GMT', undefined],
    ['Sat, 21 Nov 2026 00:00:00 GMT', undefined],
    ['(x) Sun, 22 Nov 2026 00:00:07 GMT', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %p', (text, ms) => {
    expect(retryAfterMs(text, now)).toBe(ms);
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = retryAfterMs(text, now);
        expect(ms === undefined || ms >= 0).toBe(true);
      }),
    );
  });
});
