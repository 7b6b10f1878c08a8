import { describe, expect, it } from '@jest/globals';

import * as errors from '../../../lib/close-order/close-errors.js';
import type { QueriedOrder } from '../../../lib/close-order/queried-order.js';

const order = { mchid: '1900000109', out_trade_no: '20261122' };
const named = 'Order 20261122 (merchant 1900000109)';
const call = { variant: 'direct', order, attempts: 2 };
const details = { ...call, authenticated: true };
const said = { status: 400, code: 'X_CODE', description: 'its words', requestId: '08AB' };
const ALL_SAID = ' (HTTP 400, X_CODE, its words, Request-ID 08AB).';
const queried: QueriedOrder = { ...call, state: 'SUCCESS', requestId: '08AB', response: { secret: 'no' } };

describe.each([
  ['paid', errors.paid, 'OrderPaidError', ' has been paid and was not closed: fulfil it or refund it'],
  ['notFound', errors.notFound, 'OrderNotFoundError', ' is not known to WeChat Pay: check the number'],
  ['inProgress', errors.inProgress, 'PaymentInProgressError', ' is being paid and was not closed: ask again in 5 s'],
  [
    'reverseRequired',
    errors.reverseRequired,
    'ReverseRequiredError',
    ' is a payment-code order, which cannot be closed',
  ],
  ['refused', errors.refused, 'RequestRefusedError', ' is as it was, the request was refused: check its fields'],
])('%s', (_, make, name, words) => {
  it('names the order and says what to do', () => {
    const error = make(details);
    expect(error).toMatchObject({ name, ...details });
    expect(error.message).toContain(named + words);
    expect(error.message).toMatch(/[^.)]\.$/);
  });

  it('ends with what WeChat Pay said, as much as it said', () => {
    const ends = (more: object) => make({ ...details, ...more }).message.replace(/^.*? \((?!merchant)/, '');
    expect(make({ ...details, ...said }).message.endsWith(ALL_SAID)).toBe(true);
    expect(make({ ...details, ...said })).toMatchObject(said);
    expect(ends({ status: 400 })).toBe('HTTP 400).');
    expect(ends({ code: 'X_CODE' })).toBe('X_CODE).');
    expect(ends({ description: 'its words' })).toBe('its words).');
    expect(ends({ requestId: '08AB' })).toBe('Request-ID 08AB).');
  });
});

describe('refused', () => {
  it('does not say what became of the order where nothing is signed', () => {
    const { message } = errors.refused({ ...details, authenticated: false });
    expect(message).toContain(`${named} was refused, in an answer that is not signed`);
    expect(message).not.toContain('as it was');
  });

  it.each([
    [77, "; this machine's clock is 77 s ahead of WeChat Pay's, which alone makes signatures wrong from 300 s on."],
    [-77, "; this machine's clock is 77 s behind WeChat Pay's, which alone makes signatures wrong from 300 s on."],
    [undefined, "check its fields, the keys, the clock and the merchant's permissions."],
  ])('speaks of a clock that is %p s ahead', (clockSkew, words) => {
    const { message } = errors.refused({ ...details, clockSkew });
    expect(message.endsWith(words)).toBe(true);
  });
});

describe('paidByQuery', () => {
  it('has the transaction, and no more of the answer', () => {
    const transaction = { state: 'SUCCESS', transaction_id: '1008' } as const;
    const error = errors.paidByQuery({ ...queried, transaction });
    expect(error).toMatchObject({ name: 'OrderPaidError', ...details, requestId: '08AB', transaction });
    expect(error.message).toBe(`${named} has been paid and was not closed: fulfil it or refund it.`);
    expect(error).not.toHaveProperty('response');
    expect(errors.paidByQuery(queried)).not.toHaveProperty('transaction');
  });
});

describe('unknown', () => {
  const doubt = { reason: 'reset', explanation: 'It broke off.' } as const;

  it.each([
    ['notSent', 'WeChat Pay has not seen the request; it is as it was. Try again'],
    ['sent', 'It may be open, closed or paid: close it again or query it, and do not release its stock before'],
    ['headers', 'It may be open, closed or paid'],
    ['body', 'It may be open, closed or paid'],
    ['verify', 'It may be open, closed or paid'],
  ] as const)('%s: says what to do', (phase, advice) => {
    const error = errors.unknown({ phase, ...doubt }, { ...details, ...said }, { outcome: 'paid' });
    expect(error).toMatchObject({
      name: 'OutcomeUnknownError',
      ...details,
      ...said,
      phase,
      reason: 'reset',
      hint: { outcome: 'paid' },
    });
    expect(error.message).toContain(`${named}: It broke off. ${advice}`);
    expect(error.message.endsWith(ALL_SAID)).toBe(true);
  });
});

describe('what ends a whole call', () => {
  it('unconfirmed: the state that a query told', () => {
    const error = errors.unconfirmed({ ...queried, state: 'NOTPAY' });
    expect(error).toMatchObject({ ...details, requestId: '08AB', phase: 'verify', reason: 'unconfirmed' });
    expect(error.message).toContain(
      "WeChat Pay's answer to a query says NOTPAY, which its reply to the close does not agree with.",
    );
  });

  it.each([
    [0, 'notSent'],
    [1, 'sent'],
  ])('overtime: after %d attempts, the phase is %s', (attempts, phase) => {
    const error = errors.overtime(15_000, { ...call, attempts });
    expect(error).toMatchObject({ ...call, attempts, authenticated: false, phase, reason: 'timeout' });
    expect(error.message).toContain('There was no outcome within 15000 ms.');
  });

  it('sentBefore: the order may have changed, whatever the last attempt met', () => {
    const last = errors.unknown({ phase: 'notSent', reason: 'connect', explanation: 'x' }, { ...details, attempts: 9 });
    const error = errors.sentBefore(last, call);
    expect(error).toMatchObject({ ...call, authenticated: false, phase: 'sent', reason: 'connect' });
    expect(error.message).toContain('the last one could not be sent (connect).');
  });

  it.each([
    [true, 'sent'],
    [false, 'notSent'],
  ])('shutDown: where it was sent, %p, the phase is %s', (wasSent, phase) => {
    const error = errors.shutDown(call, wasSent);
    expect(error).toMatchObject({ ...call, authenticated: false, phase, reason: 'shutdown' });
    expect(error.message).toContain('The application was shut down meanwhile.');
  });

  it.each<[unknown, number, string, string]>([
    [new TypeError('canary'), 0, 'notSent', '(TypeError)'],
    [new TypeError('canary'), 1, 'sent', '(TypeError)'],
    ['canary', 1, 'sent', '(string)'],
    [{ name: 'canary' }, 1, 'sent', '(object)'],
    [Object.assign(new Error('x'), { name: 'canary' }), 1, 'sent', '(object)'],
  ])('unexpected: %p after %d attempts is told as %s %s', (thrown, attempts, phase, words) => {
    const error = errors.unexpected(thrown, { ...call, attempts });
    expect(error).toMatchObject({ ...call, attempts, authenticated: false, phase, reason: 'internal' });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('canary');
  });
});
