import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { whenTurnEnds } from '../../../lib/environment/when-turn-ends.js';

const ofNode = globalThis.setImmediate;
const turnEnds = () => new Promise((resolve) => ofNode(resolve));

afterEach(() => {
  globalThis.setImmediate = ofNode;
});

describe('whenTurnEnds', () => {
  it.each<[string, unknown]>([
    ["Node's own", ofNode],
    ["a test's, which never runs anything", () => {}],
    ["a test's, which runs it at once", (run: () => void) => run()],
    ['missing, as in jsdom', undefined],
  ])('runs something once where the global setImmediate is %s', async (_, there) => {
    Object.assign(globalThis, { setImmediate: there });
    const run = jest.fn();
    whenTurnEnds(run);
    await turnEnds();
    await turnEnds();
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('runs it once even where it throws', () => {
    Object.assign(globalThis, {
      setImmediate: (once: () => void) => {
        expect(once).toThrow('it failed');
        expect(once).not.toThrow();
      },
    });
    const run = jest.fn(() => {
      throw new Error('it failed');
    });
    whenTurnEnds(run);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
