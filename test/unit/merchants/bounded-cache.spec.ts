import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { BoundedCache } from '../../../lib/merchants/bounded-cache.js';

const cacheAt = (clock: { now: number }, max = 3, ttlMs = 100) =>
  new BoundedCache<number>(max, ttlMs, { now: () => clock.now });

describe('BoundedCache', () => {
  it('drops what was used the longest ago', () => {
    const cache = cacheAt({ now: 0 });
    for (const key of ['a', 'b', 'c']) cache.set(key, 1);
    cache.get('a');
    cache.set('d', 1);
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
  });

  it('keeps a value for its lifetime, however often it is used', () => {
    const clock = { now: 0 };
    const cache = cacheAt(clock);
    cache.set('a', 1);
    clock.now = 99;
    expect(cache.get('a')).toBe(1);
    clock.now = 100;
    expect(cache.get('a')).toBeUndefined();
  });

  it('keeps nothing for longer because the clock was set back', () => {
    const clock = { now: 1_000 };
    const cache = cacheAt(clock);
    cache.set('a', 1);
    clock.now = 999;
    expect(cache.get('a')).toBeUndefined();
  });

  it('keeps nothing with a lifetime of 0', () => {
    const cache = cacheAt({ now: 0 }, 3, 0);
    cache.set('a', 1);
    expect(cache.get('a')).toBeUndefined();
  });

  it('lets go of values that nobody asks for any more', () => {
    const clock = { now: 0 };
    const cache = cacheAt(clock, 1_000);
    for (let key = 0; key < 500; key++) cache.set(String(key), key);
    clock.now = 100;
    cache.set('new', 1);
    expect(cache.size).toBe(1);
  });

  it('agrees with the plain rule, whatever comes when', () => {
    const step = fc.record({
      act: fc.constantFrom('get', 'get', 'set', 'delete'),
      key: fc.nat(5),
      after: fc.integer({ min: -20, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = { now: 0 };
        const cache = cacheAt(clock);
        // Newest use last; what is too old stays until it is asked for or driven out, as it may.
        let plain: { key: number; value: number; at: number }[] = [];
        const isYoung = ({ at }: { at: number }) => clock.now >= at && clock.now - at < 100;
        steps.forEach(({ act, key, after }, value) => {
          clock.now += after;
          const entry = plain.find((other) => other.key === key);
          plain = plain.filter((other) => other.key !== key);
          if (act === 'set') {
            cache.set(String(key), value);
            plain = [...plain, { key, value, at: clock.now }];
          } else if (act === 'delete') {
            cache.delete(String(key));
          } else {
            const got = cache.get(String(key));
            // The cache may have swept or driven out more, but never tells anything that is old or wrong.
            if (got !== undefined) expect(entry).toMatchObject({ value: got });
            if (got !== undefined && entry !== undefined) expect(isYoung(entry)).toBe(true);
            if (got !== undefined && entry !== undefined) plain = [...plain, entry];
          }
          expect(cache.size).toBeLessThanOrEqual(3);
        });
      }),
    );
  });

  it('never drops a young value before there are too many', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { maxLength: 40 }), (keys) => {
        const cache = cacheAt({ now: 0 });
        keys.forEach((key, value) => cache.set(String(key), value));
        for (const key of new Set(keys)) expect(cache.get(String(key))).toBe(keys.lastIndexOf(key));
      }),
    );
  });
});
