import { runInNewContext } from 'node:vm';

import { describe, expect, it } from '@jest/globals';

import { andThen, awaited, isPromise, mayBeAwaited } from '../../../lib/environment/and-then.js';

const double = (known: number) => known * 2;

describe('andThen', () => {
  it('goes on at once with what is known', () => {
    expect(andThen(2, double)).toBe(4);
  });

  it.each<[string, Promise<number>]>([
    ['a promise', Promise.resolve(2)],
    ['a promise of another realm, which is no instance of Promise here', runInNewContext('Promise.resolve(2)')],
  ])('waits for %s', async (_, promise) => {
    expect(isPromise(promise)).toBe(true);
    expect(await andThen(promise, double)).toBe(4);
  });

  it('throws what is thrown at once, and rejects with what is thrown later', async () => {
    const failing = (): never => {
      throw new Error('broken');
    };
    expect(() => andThen(2, failing)).toThrow('broken');
    await expect(andThen(Promise.resolve(2), failing)).rejects.toThrow('broken');
  });
});

describe('what an application returns', () => {
  it.each([[{}], [() => {}], [Promise.resolve()]])('%p may have to be waited for', (value) => {
    expect(mayBeAwaited(value)).toBe(true);
  });

  it.each([['QUJD'], [true], [null], [undefined], [0]])('%p is known already', (value) => {
    expect(mayBeAwaited(value)).toBe(false);
  });

  it('is waited for as await does, past a method of its own', async () => {
    const promise = Promise.resolve('QUJD');
    Reflect.set(promise, 'then', () => undefined);
    expect(await awaited(promise)).toBe('QUJD');
  });
});
