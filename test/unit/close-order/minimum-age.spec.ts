import { describe, expect, it } from '@jest/globals';

import { type MinimumAge, type TooYoung, waitForAge } from '../../../lib/close-order/minimum-age.js';
import { OrderTooYoungError } from '../../../lib/errors/order-too-young.error.js';

const placed = Date.parse('2026-11-22T00:00:00Z');
const call = { variant: 'v2', order: { mchid: '1', out_trade_no: 'x' } };
const binding: MinimumAge = { ms: 300_000, isBinding: true };
const advised: MinimumAge = { ms: 300_000, isBinding: false };

function wait(age: MinimumAge | undefined, tooYoung: TooYoung | undefined, afterMs: number, createdAt: Date | number) {
  const options = tooYoung === undefined ? { createdAt } : { createdAt, tooYoung };
  try {
    return waitForAge(age, options, placed + afterMs, call);
  } catch (error) {
    if (error instanceof OrderTooYoungError) return 'rejected';
    throw error;
  }
}

describe('waitForAge', () => {
  it.each<[MinimumAge | undefined, TooYoung | undefined, number, number | 'rejected']>([
    [binding, undefined, 0, 'rejected'],
    [binding, undefined, 299_999, 'rejected'],
    [binding, undefined, 300_000, 0],
    [binding, undefined, 300_001, 0],
    [binding, 'reject', 1, 'rejected'],
    [binding, 'wait', 0, 300_000],
    [binding, 'wait', 299_999, 1],
    [binding, 'wait', 300_000, 0],
    [binding, 'ignore', 0, 0],
    [advised, undefined, 0, 0],
    [advised, 'reject', 0, 'rejected'],
    [advised, 'wait', 100_000, 200_000],
    [undefined, 'reject', 0, 0],
    [undefined, 'wait', 0, 0],
  ])('of %j with %p, %d ms after it was placed: %p', (age, tooYoung, afterMs, waits) => {
    expect(wait(age, tooYoung, afterMs, placed)).toBe(waits);
    expect(wait(age, tooYoung, afterMs, new Date(placed))).toBe(waits);
  });

  it('keeps no age where nobody knows when the order was placed', () => {
    expect(waitForAge(binding, { tooYoung: 'reject' }, placed, call)).toBe(0);
  });

  it('says when to close, and that nothing was sent', () => {
    expect.assertions(2);
    try {
      waitForAge(binding, { createdAt: placed }, placed, call);
    } catch (error) {
      expect(error).toMatchObject({
        name: 'OrderTooYoungError',
        ...call,
        authenticated: false,
        attempts: 0,
        closableAt: new Date(placed + 300_000),
      });
      expect(String(error)).toContain(
        'Order x (merchant 1) is younger than 5 minutes, and nothing was sent: close it from 2026-11-22T00:05:00.000Z on',
      );
    }
  });
});
