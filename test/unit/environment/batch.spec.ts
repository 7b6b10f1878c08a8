import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { Batch } from '../../../lib/environment/batch.js';

const told: string[] = [];
const thing = (name: string) => ({ goOn: () => void told.push(name) });
const turnEnds = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  jest.useRealTimers();
  told.length = 0;
});

describe('Batch', () => {
  it('has things gone on with at the end of the turn, in the order in which they came', async () => {
    const batch = new Batch(8);
    batch.add(thing('first'));
    batch.add(thing('second'));
    await Promise.resolve();
    expect(told).toEqual([]);
    await turnEnds();
    expect(told).toEqual(['first', 'second']);
    batch.add(thing('in the next turn'));
    await turnEnds();
    expect(told).toEqual(['first', 'second', 'in the next turn']);
  });

  it('does not wait for the end of the turn as soon as there are so many, and begins anew', async () => {
    const batch = new Batch(3);
    for (const name of ['1', '2', '3', '4', '5', '6', '7']) batch.add(thing(name));
    expect(told).toEqual(['1', '2', '3', '4', '5', '6']);
    await turnEnds();
    expect(told).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('has each thing gone on with once, in one turn as in the next', async () => {
    const batch = new Batch(2);
    for (const turn of ['a', 'b', 'c']) {
      batch.add(thing(`${turn}1`));
      batch.add(thing(`${turn}2`));
      batch.add(thing(`${turn}3`));
      await turnEnds();
    }
    await turnEnds();
    expect(told).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1', 'c2', 'c3']);
  });

  it('takes what is added while others go on', async () => {
    const batch = new Batch(2);
    batch.add({ goOn: () => batch.add(thing('inner')) });
    batch.add(thing('outer'));
    expect(told).toEqual(['outer']);
    await turnEnds();
    expect(told).toEqual(['outer', 'inner']);
  });

  it("goes on where a test has put its own clock in the place of Node's timers", async () => {
    const realSetTimeout = setTimeout;
    jest.useFakeTimers();
    new Batch(8).add(thing('alone'));
    await new Promise((resolve) => realSetTimeout(resolve, 5));
    expect(told).toEqual(['alone']);
  });
});
