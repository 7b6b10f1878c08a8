import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DoubtReason, OutcomeUnknownError } from 'nestjs-wechatpay';

import { RetryBudget } from '../../lib/close-order/retry-budget.js';
import { backOff, retryDelay } from '../../lib/close-order/retry-policy.js';
import { retryAfterMs } from '../../lib/transport/retry-after.js';
import { runs } from './runs.js';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const limits = fc.record({
  attempts: fc.integer({ min: 1, max: 10 }),
  baseMs: fc.nat(60_000),
  maxMs: fc.nat(60_000),
});
const reasons: readonly DoubtReason[] = ['connect', 'reset', 'timeout', 'protocol', 'serverError', 'rateLimited'];
const reason = fc.constantFrom(...reasons);
const doubt = (why: DoubtReason, retryAfter?: number) =>
  new OutcomeUnknownError('x', {
    variant: 'direct',
    order: {},
    authenticated: false,
    attempts: 1,
    phase: 'sent',
    reason: why,
    retryAfterMs: retryAfter,
  });

describe('a pause between attempts', () => {
  it('is a whole number from 0 to the smaller of its cap and its doubled base', () => {
    fc.assert(
      fc.property(
        fc.nat(60_000),
        fc.nat(60_000),
        fc.integer({ min: 1, max: 10_000 }),
        chance,
        (base, cap, wait, random) => {
          // Only a settlement waits more often than 10 times, and its base is not 0.
          fc.pre(base > 0 || wait <= 10);
          const pause = backOff(base, cap, wait, random);
          expect(Number.isInteger(pause)).toBe(true);
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(pause).toBeLessThanOrEqual(Math.min(cap, base * 2 ** (wait - 1)));
        },
      ),
      runs(2_000),
    );
  });

  it('grows with chance and reaches into every tenth of its range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 60_000 }), fc.integer({ min: 1, max: 10 }), (cap, wait) => {
        const pauses = Array.from({ length: 10 }, (_, tenth) => backOff(cap, cap, wait, (tenth + 0.5) / 10));
        expect(pauses.map((pause) => Math.floor((pause / cap) * 10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      }),
      runs(200),
    );
  });

  it('comes as often as there may be attempts, and no oftener', () => {
    fc.assert(
      fc.property(limits, reason, fc.integer({ min: 1, max: 20 }), chance, (settings, why, made, random) => {
        expect(retryDelay(doubt(why), made, settings, random) !== undefined).toBe(made < settings.attempts);
      }),
      runs(1_000),
    );
  });

  it('heeds any Retry-After: never sooner than our own pause, never later than 5 s or our own pause', () => {
    const now = Date.parse('2026-11-22T00:00:00Z');
    const wish = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.integer().map(String),
      fc.nat(10 ** 12).map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.constantFrom('-0', '1e9', 'Infinity', ' 1', '1,2', 'Mon, 99 Foo', '0x10', '9'.repeat(400), 'Sun, 06 Nov 1994'),
    );
    fc.assert(
      fc.property(wish, limits, reason, chance, (text, given, why, random) => {
        const settings = { ...given, attempts: 10 };
        const ms = retryAfterMs(text, now);
        expect(ms === undefined || (ms >= 0 && Number.isFinite(ms))).toBe(true);
        const own = retryDelay(doubt(why), 1, settings, random) ?? NaN;
        const heeded = retryDelay(doubt(why, ms), 1, settings, random) ?? NaN;
        expect(heeded).toBeGreaterThanOrEqual(own);
        expect(heeded).toBeLessThanOrEqual(Math.max(own, 5_000));
        if (ms !== undefined && ms <= 5_000) expect(heeded).toBeGreaterThanOrEqual(ms);
      }),
      runs(3_000),
    );
  });
});

describe('the retry budget', () => {
  it('is from 0 to 100 for every host, and each host has its own, whatever happens', () => {
    const host = fc.constantFrom('mainland', 'overseas', '__proto__', 'constructor', '');
    const event = fc.record({
      host,
      what: fc.oneof({ weight: 3, arbitrary: reason }, fc.constant('success' as const)),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 400, size: 'max' }), (events) => {
        const budget = new RetryBudget({ now: () => 0 });
        const purses = new Map<string, number>();
        for (const { host: name, what } of events) {
          const before = purses.get(name) ?? 100;
          const cost = what === 'rateLimited' ? 5 : 10;
          if (what === 'success') {
            budget.earn(name);
            purses.set(name, Math.min(100, before + 1));
          } else {
            expect(budget.spend(name, what)).toBe(before >= cost);
            if (before >= cost) purses.set(name, before - cost);
          }
          for (const known of ['mainland', 'overseas', '__proto__', 'constructor', '']) {
            expect(budget.left(known)).toBe(purses.get(known) ?? 100);
          }
          expect(budget.left(name)).toBeGreaterThanOrEqual(0);
          expect(budget.left(name)).toBeLessThanOrEqual(100);
        }
      }),
      runs(60),
    );
  });
});
