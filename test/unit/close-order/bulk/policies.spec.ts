import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Checkpoint } from '../../../../lib/close-order/bulk/checkpoint.js';
import { Pace } from '../../../../lib/close-order/bulk/pace.js';
import { cut, grown, uncut } from '../../../../lib/close-order/bulk/rate.js';
import { VirtualTime } from '../../../support/virtual-time.js';

describe('a rate', () => {
  it('is halved when requests are too frequent, once a second at most, and not below one a second', () => {
    const first = cut(uncut(100), 100, 100, 5_000);
    expect(first).toEqual({ perSecond: 50, since: 5_000 });
    expect(cut(first, 100, 100, 5_999)).toBe(first);
    expect(cut(first, 100, 100, 6_000).perSecond).toBeCloseTo((50 + 100 / 60) / 2);
    expect(cut({ perSecond: 1.2, since: 0 }, 100, 100, 1_000).perSecond).toBeGreaterThanOrEqual(1);
    expect(cut(uncut(0.5), 0.5, 1, 0).perSecond).toBe(0.5);
  });

  it('is halved from what was used, where far more was allowed', () => {
    expect(cut(uncut(10_000), 10_000, 80, 0).perSecond).toBe(40);
  });

  it('grows back to its ceiling in a minute at most, and no further', () => {
    const rate = { perSecond: 1, since: 0 };
    expect(grown(rate, 100, 30_000)).toBe(51);
    expect(grown(rate, 100, 60_000)).toBe(100);
    expect(grown(rate, 100, 1e12)).toBe(100);
    // A clock that was set back.
    expect(grown(rate, 100, -5_000)).toBe(1);
  });
});

describe('a pace', () => {
  it.each([1, 7, 100, 2_000])(
    'lets %i closes a second begin',
    async (perSecond) => {
      const time = new VirtualTime();
      const pace = new Pace(perSecond, time.clock, time.scheduler);
      const begun: number[] = [];
      const next = () => {
        pace.turn().subscribe(() => {
          begun.push(time.scheduler.maxFrames);
          setImmediate(next);
        });
      };
      for (let place = 0; place < 200; place++) next();
      await time.pass(5_000);
      const most = Math.max(...begun.map((at) => begun.filter((other) => other >= at && other < at + 1_000).length));
      // What late timers may make up for: a fiftieth of a second.
      expect(most).toBeLessThanOrEqual(Math.ceil(perSecond * 1.02) + 1);
      expect(begun.length).toBeGreaterThanOrEqual(perSecond * 4.9);
    },
    30_000,
  );

  it('serves who came first, and forgets who left', async () => {
    const time = new VirtualTime();
    const pace = new Pace(10, time.clock, time.scheduler);
    const served: string[] = [];
    const turn = (name: string) => pace.turn().subscribe(() => void served.push(name));
    turn('a');
    const b = turn('b');
    turn('c');
    b.unsubscribe();
    turn('d');
    await time.pass(101);
    expect(served).toEqual(['a', 'c']);
    expect(pace.isIdle).toBe(false);
    await time.pass(101);
    expect(served).toEqual(['a', 'c', 'd']);
    expect(pace.isIdle).toBe(true);
  });

  it('recovers within a minute though the clock is set back an hour', async () => {
    const time = new VirtualTime();
    let setBack = 0;
    const pace = new Pace(100, { now: () => time.clock.now() - setBack }, time.scheduler);
    const next = () => void pace.turn().subscribe(() => setImmediate(next));
    next();
    await time.pass(1_000);
    pace.slowDown();
    setBack = 3_600_000;
    await time.pass(62_000);
    expect(pace.perSecond).toBe(100);
  }, 60_000);

  it('finds a limit that nobody tells, keeps close below it, and recovers', async () => {
    const time = new VirtualTime();
    const pace = new Pace(400, time.clock, time.scheduler);
    let limit = 80;
    let refused = 0;
    const accepted: number[] = [];
    const close = () => {
      const now = time.scheduler.maxFrames;
      const recent = accepted.filter((at) => at > now - 1_000).length;
      if (recent < limit) return void accepted.push(now);
      refused++;
      pace.slowDown();
    };
    const next = () => void pace.turn().subscribe(() => setImmediate(() => [close(), next()]));
    for (let place = 0; place < 16; place++) next();
    await time.pass(60_000);
    const settled = accepted.filter((at) => at > 30_000).length / 30;
    expect(settled).toBeGreaterThan(limit * 0.6);
    expect(refused / accepted.length).toBeLessThan(0.1);
    limit = Number.POSITIVE_INFINITY;
    await time.pass(61_000);
    expect(pace.perSecond).toBe(400);
  }, 120_000);
});

describe('a checkpoint', () => {
  it('stands before the first input that is not done, in whatever order they end', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 40 }, (_, index) => index)), fc.nat(20), (ended, from) => {
        const checkpoint = new Checkpoint(from);
        const done = new Set(Array.from({ length: from }, (_, index) => index));
        for (const index of ended.filter((candidate) => candidate >= from)) {
          const foretold = checkpoint.with(index);
          checkpoint.add(index);
          done.add(index);
          expect(foretold).toBe(checkpoint.index);
          for (let before = 0; before < checkpoint.index; before++) expect(done.has(before)).toBe(true);
          expect(done.has(checkpoint.index)).toBe(false);
        }
      }),
    );
  });
});
