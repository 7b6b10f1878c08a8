import { describe, expect, it } from '@jest/globals';

import { within } from '../../../lib/observability/harmlessly.js';

describe('within', () => {
  it('runs once where what surrounds it runs it later still', () => {
    const later: (() => void)[] = [];
    let times = 0;
    expect(within([(run) => void later.push(run)], () => ++times)).toBe(1);
    for (const run of later) run();
    expect(times).toBe(1);
  });

  it('runs once where it is run from within itself', () => {
    let again = (): void => {};
    let times = 0;
    const surround = (run: () => void): void => {
      again = run;
      run();
    };
    within([surround], () => {
      times++;
      if (times < 5) again();
    });
    expect(times).toBe(1);
  });

  it('throws what it throws, whatever surrounds it', () => {
    const failing = (): never => {
      throw new Error('inside');
    };
    const surround = (): never => {
      throw new Error('around');
    };
    expect(() => within([surround, (run) => run()], failing)).toThrow('inside');
  });
});
