import { describe, expect, it } from '@jest/globals';

import type { Answer } from '../../../lib/answers/answer.js';
import type { DoubtPhase } from '../../../lib/answers/doubt.js';
import { isWorthAsking, meaningOfState } from '../../../lib/close-order/confirmation.js';
import { hintOf } from '../../../lib/close-order/hint.js';
import { internalMeaning } from '../../../lib/close-order/internal-code.js';
import { meaningOf } from '../../../lib/close-order/wechat-code.js';
import { OrderPaidError } from '../../../lib/errors/order-paid.error.js';
import { OutcomeUnknownError } from '../../../lib/errors/outcome-unknown.error.js';
import { PaymentInProgressError } from '../../../lib/errors/payment-in-progress.error.js';
import type { QueriedOrder } from '../../../lib/close-order/queried-order.js';

const details = { variant: 'direct', order: {}, authenticated: false, attempts: 1 };

describe('meaningOf', () => {
  it.each([
    ['closed', ['ORDERCLOSED']],
    ['paid', ['ORDERPAID']],
    ['not_found', ['ORDERNOTEXIST', 'ORDER_NOT_EXISTS']],
    ['in_progress', ['USERPAYING']],
    ['server_error', ['SYSTEMERROR', 'BANKERROR', 'SERVICE_UNAVAILABLE']],
    ['rate_limited', ['FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED', 'RATE_LIMITED']],
    ['trade_state', ['TRADE_ERROR']],
    ['refused', ['APPID_MCHID_NOT_MATCH', 'INVALID_REQUEST', 'MCH_NOT_EXISTS', 'PARAM_ERROR', 'SIGN_ERROR']],
    ['refused', ['ACCOUNT_ERROR', 'NO_AUTH', 'NOT_ENOUGH', 'OUT_TRADE_NO_USED', 'RULE_LIMIT']],
    ['refused', ['INVALID_TRANSACTIONID', 'OPENID_MISMATCH', 'REQUIRE_POST_METHOD', 'XML_FORMAT_ERROR']],
  ])('means %s by %j, in any spelling and with any status', (meaning, codes) => {
    for (const code of codes)
      for (const spelling of [code, code.replaceAll('_', ''), code.toLowerCase(), code.split('').join('_')])
        for (const status of [200, 400, 429, 500]) expect(meaningOf(spelling, status)).toBe(meaning);
  });

  it.each<[string | undefined, number, string]>([
    ['NEW', 399, 'server_error'],
    ['NEW', 400, 'refused'],
    ['NEW', 428, 'refused'],
    ['NEW', 429, 'rate_limited'],
    ['NEW', 499, 'refused'],
    ['NEW', 500, 'server_error'],
    [undefined, 399, 'server_error'],
    [undefined, 400, 'nothing'],
    [undefined, 429, 'rate_limited'],
    [undefined, 499, 'nothing'],
    [undefined, 500, 'server_error'],
    ['', 400, 'refused'],
  ])('judges an unknown code %p by HTTP %d: %s', (code, status, meaning) => {
    expect(meaningOf(code, status)).toBe(meaning);
  });
});

describe('internalMeaning', () => {
  it.each([
    ['268449641', 'needs_reverse'],
    ['268449538', 'paid'],
    ['268498689', 'paid'],
    ['268512771', 'not_found'],
    ['268435461', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %p is %p', (internalCode, meaning) => {
    expect(internalMeaning(internalCode)).toBe(meaning);
  });
});

describe('hintOf', () => {
  it.each<[Answer, string | undefined]>([
    [{ kind: 'done', status: 204 }, 'closed'],
    [{ kind: 'processing', status: 202 }, 'in_progress'],
    [{ kind: 'rejected', status: 200 }, 'refused'],
    [{ kind: 'content', status: 200 }, undefined],
    [{ kind: 'unrecognized', status: 200 }, undefined],
    [{ kind: 'failed', status: 400 }, undefined],
    [{ kind: 'failed', status: 500 }, undefined],
  ])('%j would mean %s, with the code where there is one', (answer, outcome) => {
    expect(hintOf(answer)).toStrictEqual(outcome && { outcome });
    if (answer.kind !== 'failed')
      expect(hintOf({ ...answer, code: 'ORDER_PAID' })).toEqual(outcome && { outcome, code: 'ORDER_PAID' });
  });

  it.each<[string, string | undefined]>([
    ['ORDER_CLOSED', 'closed'],
    ['ORDER_PAID', 'paid'],
    ['ORDER_NOT_EXIST', 'not_found'],
    ['USERPAYING', 'in_progress'],
    ['PARAM_ERROR', 'refused'],
    ['SYSTEM_ERROR', undefined],
    ['FREQUENCY_LIMITED', undefined],
    ['TRADE_ERROR', undefined],
  ])('%s would mean %s', (code, outcome) => {
    expect(hintOf({ kind: 'failed', status: 400, code })).toEqual(outcome && { outcome, code });
  });
});

describe('isWorthAsking', () => {
  it.each<[DoubtPhase, boolean]>([
    ['notSent', false],
    ['sent', true],
    ['headers', true],
    ['body', true],
    ['verify', true],
  ])('a doubt of phase %s: %p', (phase, isWorth) => {
    expect(isWorthAsking(new OutcomeUnknownError('x', { ...details, phase, reason: 'reset' }))).toBe(isWorth);
  });

  it('a payment in progress, and nothing else', () => {
    expect(isWorthAsking(new PaymentInProgressError('x', details))).toBe(true);
    expect(isWorthAsking(new OrderPaidError('x', details))).toBe(false);
    expect(isWorthAsking(new Error('x'))).toBe(false);
    expect(isWorthAsking({ phase: 'sent' })).toBe(false);
    expect(isWorthAsking(undefined)).toBe(false);
  });
});

describe('meaningOfState', () => {
  it.each<[QueriedOrder['state'], string]>([
    ['CLOSED', 'closed'],
    ['SUCCESS', 'paid'],
    ['REFUND', 'paid'],
    ['NOTPAY', 'open'],
    ['REVOKED', 'unclear'],
    ['USERPAYING', 'unclear'],
    ['PAYERROR', 'unclear'],
    ['ACCEPT', 'unclear'],
  ])('%s is %s', (state, meaning) => {
    expect(meaningOfState(state)).toBe(meaning);
  });
});
