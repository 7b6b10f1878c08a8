import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { Batch } from '../../../lib/environment/batch.js';

const told: string[] = [];
const thing = (name: string) => ({ goOn: () => void told.push(name) });
const turnEnds = () => new Promise((resolve) => setImmediate(resolve));

/** A batch of that size, with so many under way. */
function batchOf(size: number, underWay: number): Batch {
  const batch = new Batch(() => size);
  for (let count = 0; count < underWay; count++) batch.begin();
  return batch;
}

afterEach(() => {
  jest.useRealTimers();
  told.length = 0;
});

describe('Batch', () => {
  it('has things gone on with at the end of the turn, in the order in which they came', async () => {
    const batch = batchOf(8, 4);
    batch.add(thing('first'));
    batch.add(thing('second'));
    await Promise.resolve();
    expect(told).toEqual([]);
    await turnEnds();
    expect(told).toEqual(['first', 'second']);
    batch.add(thing('in the next turn'));
    expect(told).toHaveLength(2);
    await turnEnds();
    expect(told).toEqual(['first', 'second', 'in the next turn']);
  });

  it('does not wait for the end of the turn as soon as there are so many, and begins anew', async () => {
    const batch = batchOf(3, 8);
    for (const name of ['1', '2', '3', '4', '5', '6', '7']) batch.add(thing(name));
    expect(told).toEqual(['1', '2', '3', '4', '5', '6']);
    await turnEnds();
    expect(told).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('asks how many there may be each time that one comes', () => {
    let size = Infinity;
    const batch = new Batch(() => size);
    for (let count = 0; count < 9; count++) batch.begin();
    for (const name of ['1', '2', '3', '4']) batch.add(thing(name));
    expect(told).toEqual([]);
    expect(batch.underWay).toBe(9);
    size = 3;
    batch.add(thing('5'));
    expect(told).toEqual(['1', '2', '3', '4', '5']);
    expect(batch.underWay).toBe(4);
  });

  it('does not wait where nothing else is under way', () => {
    const batch = batchOf(8, 1);
    batch.add(thing('alone'));
    expect(told).toEqual(['alone']);
    batch.begin();
    batch.add(thing('alone again'));
    expect(told).toEqual(['alone', 'alone again']);
  });

  it('waits for nothing that is left out', () => {
    const batch = batchOf(8, 3);
    batch.leaveOut();
    batch.add(thing('first'));
    expect(told).toEqual([]);
    batch.leaveOut();
    expect(told).toEqual(['first']);
    batch.begin();
    batch.leaveOut();
    expect(told).toEqual(['first']);
  });

  it('has each thing gone on with once, in one turn as in the next', async () => {
    const batch = batchOf(2, 10);
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
    const batch = batchOf(2, 4);
    batch.add({ goOn: () => batch.add(thing('inner')) });
    batch.add(thing('outer'));
    expect(told).toEqual(['outer']);
    await turnEnds();
    expect(told).toEqual(['outer', 'inner']);
  });

  it("goes on where a test has put its own clock in the place of Node's timers, and once where that runs, too", async () => {
    const realSetTimeout = setTimeout;
    jest.useFakeTimers();
    batchOf(8, 2).add(thing('alone'));
    expect(told).toEqual([]);
    await new Promise((resolve) => realSetTimeout(resolve, 5));
    expect(told).toEqual(['alone']);
    jest.runAllTimers();
    expect(told).toEqual(['alone']);
  });
});
