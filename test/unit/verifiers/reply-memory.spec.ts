import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ReplyMemory } from '../../../lib/verifiers/reply-memory.js';

function memoryAt(clock: { now: number }): ReplyMemory {
  return new ReplyMemory({ now: () => clock.now });
}

describe('ReplyMemory', () => {
  it('knows a reply again, by its signer', () => {
    const memory = memoryAt({ now: 0 });
    expect([memory.isFresh('a', '1'), memory.isFresh('a', '1'), memory.isFresh('b', '1')]).toEqual([true, false, true]);
  });

  it('keeps keys apart, whatever they and their marks look like', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '1', '|', '\\', ' '), maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: (pair) => JSON.stringify(pair) }), (pairs) => {
        const memory = memoryAt({ now: 0 });
        for (const [signer, mark] of pairs) expect(memory.isFresh(signer, mark)).toBe(true);
        for (const [signer, mark] of pairs) expect(memory.isFresh(signer, mark)).toBe(false);
      }),
    );
  });

  it('remembers for 600 s, which is as long as a reply can be believed', () => {
    const clock = { now: 0 };
    const memory = memoryAt(clock);
    memory.isFresh('a', '1');
    clock.now = 599_999;
    expect(memory.isFresh('a', '1')).toBe(false);
  });

  it('forgets a reply 1,200 s after it came at the latest, whether or not others come', () => {
    const clock = { now: 0 };
    const memory = memoryAt(clock);
    memory.isFresh('a', '1');
    clock.now = 599_999;
    memory.isFresh('a', '2');
    clock.now = 1_200_000;
    expect(memory.isFresh('a', '1')).toBe(true);
    clock.now = 3_600_000;
    expect(memory.isFresh('a', '2')).toBe(true);
  });

  it('neither forgets at once nor remembers for good where the clock is set back', () => {
    const clock = { now: 86_400_000 };
    const memory = memoryAt(clock);
    memory.isFresh('a', '1');
    for (clock.now = 10; clock.now > 0; clock.now--) expect(memory.isFresh('a', '1')).toBe(false);
    clock.now = 1_300_000;
    expect(memory.isFresh('a', '1')).toBe(true);
  });

  it('does not forget a reply without a time, however old it is, and keeps it apart from those with one', () => {
    const clock = { now: 0 };
    const memory = memoryAt(clock);
    expect([memory.isFreshUndated('a', '1'), memory.isFresh('a', '1')]).toEqual([true, true]);
    clock.now = 365 * 86_400_000;
    expect([memory.isFreshUndated('a', '1'), memory.isFreshUndated('b', '1')]).toEqual([false, true]);
  });

  it('remembers the last 100,000 replies, and no more than twice as many', () => {
    const memory = memoryAt({ now: 0 });
    const marks = Array.from({ length: 250_000 }, (_, mark) => String(mark));
    expect(marks.every((mark) => memory.isFresh('a', mark))).toBe(true);
    expect(memory.isFresh('a', '249999')).toBe(false);
    expect(memory.isFresh('a', '150000')).toBe(false);
    expect(memory.isFresh('a', '50000')).toBe(true);
  });

  it('takes no reply within 600 s of its coming, and any after 1,200 s, whatever comes when', () => {
    const reply = fc.record({ mark: fc.nat(20), after: fc.nat(200_000) });
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 100 }), (replies) => {
        const clock = { now: 0 };
        const memory = memoryAt(clock);
        const lastFresh = new Map<number, number>();
        for (const { mark, after } of replies) {
          clock.now += after;
          const seenAt = lastFresh.get(mark) ?? -Infinity;
          const fresh = memory.isFresh('a', String(mark));
          if (clock.now - seenAt < 600_000) expect(fresh).toBe(false);
          if (clock.now - seenAt >= 1_200_000) expect(fresh).toBe(true);
          if (fresh) lastFresh.set(mark, clock.now);
        }
      }),
    );
  });
});
