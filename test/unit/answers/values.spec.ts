import { describe, expect, it } from '@jest/globals';

import { AttemptFault } from '../../../lib/answers/attempt-fault.js';
import { sealVerified, Verified } from '../../../lib/answers/verified.js';
import { withoutPrototype } from '../../../lib/answers/without-prototype.js';

describe('Verified', () => {
  it('holds what was vouched for', () => {
    const value = { status: 204 };
    expect(sealVerified(value)).toBeInstanceOf(Verified);
    expect(sealVerified(value).value).toBe(value);
  });

  it('cannot be made without the seal', () => {
    expect(() => Reflect.construct(Verified, [Symbol('seal'), 1])).toThrow(
      new TypeError('Only a verified signature makes a Verified.'),
    );
    expect(() => Reflect.construct(Verified, [])).toThrow(TypeError);
  });
});

describe('withoutPrototype', () => {
  it('copies the members and inherits none', () => {
    const value = { a: 1 };
    const copy = withoutPrototype(value);
    expect(copy).not.toBe(value);
    expect(Object.entries(copy)).toEqual([['a', 1]]);
    expect('toString' in copy).toBe(false);
    expect('toString' in value).toBe(true);
  });
});

describe('AttemptFault', () => {
  it('is an error that is a doubt', () => {
    const fault = new AttemptFault('sent', 'reset', 'It broke off.');
    expect(fault).toBeInstanceOf(Error);
    expect(fault).toMatchObject({
      name: 'AttemptFault',
      message: 'It broke off.',
      phase: 'sent',
      reason: 'reset',
      explanation: 'It broke off.',
    });
  });
});
