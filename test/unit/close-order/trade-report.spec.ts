import { describe, expect, it } from '@jest/globals';

import type { OrderQuery, QueriedPart } from '../../../lib/close-order/order-query.js';
import { readTradeReport } from '../../../lib/close-order/trade-report.js';

const plain: OrderQuery<null> = {
  target: () => '/',
  number: () => [['id', 'transaction_id'], '1008'],
  parties: () => ({ mchid: '1', sub_mchid: '2', sp_mchid: undefined }),
};
const combined = (...parts: QueriedPart[]): OrderQuery<null> => ({ ...plain, parties: () => ({}), parts: () => parts });
const paid = { id: '1008', mchid: '1', sub_mchid: '2', trade_state: 'SUCCESS' };

const A = { mchid: '1', out_trade_no: 'a' };
const B = { mchid: '1', sub_mchid: '2', out_trade_no: 'b' };
const report = (content: Readonly<Record<string, unknown>>, query = plain) => readTradeReport(content, query, null);
const fold = (first: unknown, second: unknown, more: object = {}) =>
  report(
    {
      id: '1008',
      sub_orders: [
        { ...A, trade_state: first, ...more },
        { ...B, trade_state: second },
      ],
    },
    combined(A, B),
  );

describe('readTradeReport', () => {
  it.each(['NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'ACCEPT'])('reports %s', (trade_state) => {
    expect(report({ ...paid, trade_state, transaction_id: '1008' })).toEqual({ state: trade_state });
  });

  it.each(['SUCCESS', 'REFUND'])('reports %s, with the transaction', (trade_state) => {
    const content = { ...paid, trade_state };
    expect(report(content)).toEqual({
      state: trade_state,
      transaction: { state: trade_state, transaction_id: '1008' },
    });
    expect(report({ ...content, success_time: '2026-11-22T10:00:00+08:00' })).toEqual({
      state: trade_state,
      transaction: { state: trade_state, transaction_id: '1008', success_time: '2026-11-22T10:00:00+08:00' },
    });
    expect(report({ ...content, time_end: '20261122100000' })).toHaveProperty(
      'transaction.success_time',
      '20261122100000',
    );
  });

  it('prefers the names of APIv3, and leaves out what is no text', () => {
    const byOutTradeNo = { ...plain, number: () => [['out_trade_no'], 'x'] } satisfies OrderQuery<null>;
    const content = { ...paid, out_trade_no: 'x' };
    expect(report({ ...content, transaction_id: 'tx', success_time: 's', time_end: 't' }, byOutTradeNo)).toEqual({
      state: 'SUCCESS',
      transaction: { state: 'SUCCESS', transaction_id: 'tx', success_time: 's' },
    });
    expect(report({ ...content, transaction_id: 1, success_time: 2 }, byOutTradeNo)).toEqual({
      state: 'SUCCESS',
      transaction: { state: 'SUCCESS' },
    });
  });

  it.each<[string, unknown]>([
    ['no state', undefined],
    ['an unknown state', 'PAID'],
    ['a state in lower case', 'closed'],
    ['an empty state', ''],
    ['no text', ['CLOSED']],
    ['the name of an inherited member', 'constructor'],
  ])('finds no shape in %s', (_, trade_state) => {
    expect(report({ ...paid, trade_state })).toBe('shape');
    expect(fold('CLOSED', trade_state)).toBe('shape');
    expect(fold(trade_state, 'SUCCESS')).toBe('shape');
  });

  it.each<[string, object, boolean]>([
    ['the number under its first name', { id: '1008' }, true],
    ['the number under its other name', { id: undefined, transaction_id: '1008' }, true],
    ['the number under both', { transaction_id: '1008' }, true],
    ['another number', { id: '1009' }, false],
    ['two numbers', { transaction_id: '1009' }, false],
    ['no number', { id: undefined }, false],
    ['a number that is no text', { id: 1008 }, false],
    ['one party of two', { mchid: undefined }, true],
    ['the other party of two', { sub_mchid: undefined }, true],
    ['no party', { mchid: undefined, sub_mchid: undefined }, false],
    ['another party', { mchid: '9' }, false],
    ['another sub-merchant', { sub_mchid: '9' }, false],
    ['a party that was not sent', { sp_mchid: '9' }, true],
    ['only a party that was not sent', { mchid: undefined, sub_mchid: undefined, sp_mchid: '9' }, false],
  ])('judges whether an answer with %s is about the order', (_, change, ours) => {
    expect(report({ ...paid, trade_state: 'CLOSED', ...change })).toEqual(ours ? { state: 'CLOSED' } : 'identity');
  });
});

describe('the parts of a combined order', () => {
  it.each([
    ['CLOSED', 'CLOSED', 'CLOSED'],
    ['REVOKED', 'REVOKED', 'REVOKED'],
    ['NOTPAY', 'NOTPAY', 'NOTPAY'],
    ['NOTPAY', 'CLOSED', 'NOTPAY'],
    ['CLOSED', 'NOTPAY', 'NOTPAY'],
    ['REVOKED', 'USERPAYING', 'USERPAYING'],
    ['USERPAYING', 'NOTPAY', 'USERPAYING'],
  ])('%s and %s are %s as a whole', (first, second, state) => {
    expect(fold(first, second)).toEqual({ state });
  });

  it.each([
    ['SUCCESS', 'SUCCESS', 'SUCCESS'],
    ['SUCCESS', 'CLOSED', 'SUCCESS'],
    ['CLOSED', 'SUCCESS', 'SUCCESS'],
    ['REFUND', 'SUCCESS', 'SUCCESS'],
    ['REFUND', 'NOTPAY', 'REFUND'],
    ['NOTPAY', 'REFUND', 'REFUND'],
  ])('%s and %s are %s as a whole, with the transaction of the first part', (first, second, state) => {
    expect(fold(first, second, { transaction_id: 't1' })).toEqual({
      state,
      transaction: { state, transaction_id: 't1' },
    });
  });

  it.each([
    ['CLOSED', 'REVOKED'],
    ['REVOKED', 'CLOSED'],
  ])('%s and %s are no state', (first, second) => {
    expect(fold(first, second)).toBe('shape');
  });

  const closed = { trade_state: 'CLOSED' };
  it.each<[string, unknown]>([
    ['too few', [{ ...A, ...closed }]],
    [
      'too many',
      [
        { ...A, ...closed },
        { ...B, ...closed },
        { ...A, ...closed },
      ],
    ],
    [
      'one of them twice',
      [
        { ...A, ...closed },
        { ...A, ...closed },
      ],
    ],
    ['none', []],
    ['nothing', undefined],
    ['no array', { 0: { ...A, ...closed }, 1: { ...B, ...closed }, length: 2 }],
    [
      'another merchant',
      [
        { ...A, ...closed, mchid: '9' },
        { ...B, ...closed },
      ],
    ],
    [
      'another number',
      [
        { ...A, ...closed, out_trade_no: 'c' },
        { ...B, ...closed },
      ],
    ],
    [
      'another sub-merchant',
      [
        { ...A, ...closed },
        { ...B, ...closed, sub_mchid: '9' },
      ],
    ],
    [
      'a sub-merchant where there is none',
      [
        { ...A, ...closed, sub_mchid: '2' },
        { ...B, ...closed },
      ],
    ],
    [
      'no sub-merchant where there is one',
      [
        { ...A, ...closed },
        { ...B, ...closed, sub_mchid: undefined },
      ],
    ],
    ['null', [{ ...A, ...closed }, null]],
    ['an array', [{ ...A, ...closed }, Object.assign([], B, closed)]],
    ['a text', [{ ...A, ...closed }, 'b']],
    ['a hole', [{ ...A, ...closed }, undefined]],
  ])('are not believed when they hold %s', (_, sub_orders) => {
    expect(report({ id: '1008', sub_orders }, combined(A, B))).toBe('identity');
  });

  it('come in any order, and may say that there is no sub-merchant', () => {
    const sub_orders = [
      { ...B, ...closed },
      { ...A, ...closed, sub_mchid: null },
    ];
    expect(report({ id: '1008', sub_orders }, combined(A, B))).toEqual({ state: 'CLOSED' });
  });

  it('are no state where there are none', () => {
    expect(report({ id: '1008', sub_orders: [] }, combined())).toBe('shape');
    expect(report({ id: '1008' }, combined())).toBe('shape');
  });

  it('are not looked at when the combined number is another', () => {
    expect(report({ id: '1009', sub_orders: [{ ...A, ...closed }] }, combined(A))).toBe('identity');
  });
});
