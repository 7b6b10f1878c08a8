import { describe, expect, it } from '@jest/globals';

import { HostHealth, type HostReport } from '../../../lib/transport/host-health.js';

function healthAfter(reports: readonly [HostReport, number][]): HostHealth {
  const health = new HostHealth();
  for (const [report, at] of reports) health.note(report, at);
  return health;
}

const many = (report: HostReport, count: number, at: number): [HostReport, number][] =>
  Array.from({ length: count }, () => [report, at]);

describe('HostHealth', () => {
  it.each<[string, [HostReport, number][], number, boolean]>([
    ['nothing was seen', [], 0, false],
    ['4 connections in a row failed', many('unreachable', 4, 0), 0, false],
    ['5 connections in a row failed', many('unreachable', 5, 0), 0, true],
    ['a long time lies between them', many('unreachable', 5, 0), 3_600_000, true],
    [
      'an answer came between them',
      [...many('unreachable', 4, 0), ['answered', 1], ...many('unreachable', 4, 2)],
      2,
      false,
    ],
    ['another failure came between them', [...many('unreachable', 4, 0), ['failed', 1], ['unreachable', 2]], 2, false],
    ['19 of 19 failed', many('failed', 19, 0), 0, false],
    ['20 of 20 failed', many('failed', 20, 0), 0, true],
    ['half of 20 failed', [...many('failed', 10, 0), ...many('answered', 10, 0)], 0, false],
    ['11 of 20 failed', [...many('failed', 11, 0), ...many('answered', 9, 0)], 0, true],
    ['it is 29 s ago', many('failed', 20, 0), 29_999, true],
    ['it is 30 s ago', many('failed', 20, 0), 30_000, false],
    ['half of it is too long ago', [...many('failed', 10, 0), ...many('failed', 10, 15_000)], 31_000, false],
    ['the clock was set back', many('failed', 20, 100_000), 5_000, false],
  ])('where %s', (_, reports, now, isInTrouble) => {
    expect(healthAfter(reports).isInTrouble(now)).toBe(isInTrouble);
  });

  it('begins anew', () => {
    const health = healthAfter([...many('failed', 20, 0), ...many('unreachable', 5, 0)]);
    health.clear();
    expect(health.isInTrouble(0)).toBe(false);
  });
});
