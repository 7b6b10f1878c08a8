import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Answer } from '../../../lib/answers/answer.js';
import type { ExchangeResult } from '../../../lib/answers/exchange-result.js';
import { sealVerified } from '../../../lib/answers/verified.js';
import { outcomeOf } from '../../../lib/close-order/outcome.js';
import { WechatPayError } from '../../../lib/errors/wechat-pay.error.js';

const call = { variant: 'direct', order: { mchid: '1900000109', out_trade_no: '20261122' }, attempts: 1 };
const doubt = { phase: 'verify', reason: 'unsigned', explanation: 'x' } as const;
const signed = (answer: Answer): ExchangeResult => ({ kind: 'verified', answer: sealVerified(answer) });
const unsigned = (answer: Answer): ExchangeResult => ({ kind: 'unverified', answer, doubt });

function judged(result: ExchangeResult): unknown {
  try {
    const { state, alreadyClosed } = outcomeOf(result, call);
    return alreadyClosed ? 'already closed' : state;
  } catch (error) {
    if (!(error instanceof WechatPayError)) throw error;
    return 'reason' in error ? `unknown: ${String(error.reason)}` : error.outcome;
  }
}

describe('outcomeOf', () => {
  it.each([
    ['ORDER_CLOSED', 400, 'already closed', 'unknown: unsigned'],
    ['ORDERCLOSED', 400, 'already closed', 'unknown: unsigned'],
    ['ORDER_PAID', 400, 'paid', 'unknown: unsigned'],
    ['ORDERPAID', 400, 'paid', 'unknown: unsigned'],
    ['ORDER_NOT_EXIST', 404, 'not_found', 'unknown: unsigned'],
    ['ORDERNOTEXIST', 404, 'not_found', 'unknown: unsigned'],
    ['ORDER_NOT_EXISTS', 404, 'not_found', 'unknown: unsigned'],
    ['USERPAYING', 400, 'in_progress', 'unknown: unsigned'],
    ['USER_PAYING', 400, 'in_progress', 'unknown: unsigned'],
    ['SYSTEM_ERROR', 500, 'unknown: serverError', 'unknown: serverError'],
    ['SYSTEMERROR', 500, 'unknown: serverError', 'unknown: serverError'],
    ['BANK_ERROR', 500, 'unknown: serverError', 'unknown: serverError'],
    ['SERVICE_UNAVAILABLE', 503, 'unknown: serverError', 'unknown: serverError'],
    ['FREQUENCY_LIMITED', 429, 'unknown: rateLimited', 'unknown: rateLimited'],
    ['RATELIMIT_EXCEEDED', 429, 'unknown: rateLimited', 'unknown: rateLimited'],
    ['RATE_LIMITED', 429, 'unknown: rateLimited', 'unknown: rateLimited'],
    ['TRADE_ERROR', 403, 'unknown: tradeState', 'unknown: unsigned'],
    ['SIGN_ERROR', 401, 'refused', 'refused'],
    ['PARAM_ERROR', 400, 'refused', 'unknown: unsigned'],
    ['INVALID_REQUEST', 400, 'refused', 'unknown: unsigned'],
    ['APPID_MCHID_NOT_MATCH', 400, 'refused', 'unknown: unsigned'],
    ['MCH_NOT_EXISTS', 400, 'refused', 'unknown: unsigned'],
    ['NO_AUTH', 403, 'refused', 'unknown: unsigned'],
    ['NOAUTH', 403, 'refused', 'unknown: unsigned'],
    ['RULELIMIT', 403, 'refused', 'unknown: unsigned'],
    ['ACCOUNT_ERROR', 403, 'refused', 'unknown: unsigned'],
    ['OPENID_MISMATCH', 500, 'refused', 'unknown: serverError'],
    ['SOMETHING_NEW', 400, 'refused', 'unknown: unsigned'],
    ['SOMETHING_NEW', 500, 'unknown: serverError', 'unknown: serverError'],
    ['constructor', 400, 'refused', 'unknown: unsigned'],
  ])('reads %s with HTTP %d as "%s", and unsigned as "%s"', (code, status, whenSigned, whenUnsigned) => {
    const answer: Answer = { kind: 'failed', status, code };
    expect(judged(signed(answer))).toBe(whenSigned);
    expect(judged(unsigned(answer))).toBe(whenUnsigned);
  });

  it('takes an error without a code for nothing definite', () => {
    expect(judged(signed({ kind: 'failed', status: 400 }))).toBe('unknown: shape');
    expect(judged(signed({ kind: 'failed', status: 502 }))).toBe('unknown: serverError');
    expect(judged(signed({ kind: 'failed', status: 429 }))).toBe('unknown: rateLimited');
  });

  it('takes only a signed `done` for closed', () => {
    expect(judged(signed({ kind: 'done', status: 204 }))).toBe('CLOSED');
    expect(judged(unsigned({ kind: 'done', status: 204 }))).toBe('unknown: unsigned');
    expect(judged(signed({ kind: 'processing', status: 202 }))).toBe('in_progress');
    expect(judged(unsigned({ kind: 'processing', status: 202 }))).toBe('unknown: unsigned');
    expect(judged(signed({ kind: 'unrecognized', status: 200 }))).toBe('unknown: shape');
    expect(judged(signed({ kind: 'unrecognized', status: 302 }))).toBe('unknown: redirect');
  });

  it('refuses on a FAIL of APIv2, which is never signed, and on nothing else unsigned', () => {
    expect(judged(unsigned({ kind: 'rejected', status: 200 }))).toBe('refused');
    expect(
      judged({
        kind: 'unverified',
        answer: { kind: 'rejected', status: 200 },
        doubt: { ...doubt, reason: 'signature' },
      }),
    ).toBe('unknown: signature');
  });

  it.each([
    ['268449641', 'needs_reverse'],
    ['268449538', 'unknown: tradeState'],
    ['268498689', 'unknown: tradeState'],
    ['268512771', 'unknown: tradeState'],
    ['268435461', 'refused'],
  ])('reads internal code %s beside a refusal as "%s"', (internalCode, outcome) => {
    expect(judged(signed({ kind: 'failed', status: 400, code: 'INVALID_REQUEST', internalCode }))).toBe(outcome);
    expect(judged(unsigned({ kind: 'failed', status: 400, code: 'INVALID_REQUEST', internalCode }))).toBe(
      'unknown: unsigned',
    );
  });

  it('does not let an internal code overrule a signed code', () => {
    expect(judged(signed({ kind: 'failed', status: 400, code: 'ORDER_PAID', internalCode: '268449641' }))).toBe('paid');
    expect(judged(signed({ kind: 'failed', status: 500, code: 'SYSTEM_ERROR', internalCode: '268449538' }))).toBe(
      'unknown: serverError',
    );
  });

  it('is total, and never believes an unverified result', () => {
    const answer: fc.Arbitrary<Answer> = fc.record(
      {
        kind: fc.constantFrom('done', 'processing', 'failed', 'rejected', 'unrecognized'),
        status: fc.integer({ min: 100, max: 599 }),
        code: fc.oneof(fc.string(), fc.constantFrom('ORDERPAID', 'ORDER_CLOSED', 'USER_PAYING', 'ORDERNOTEXIST')),
        internalCode: fc.constantFrom('268449641', '268449538', '1'),
      },
      { requiredKeys: ['kind', 'status'] },
    );
    fc.assert(
      fc.property(answer, fc.boolean(), (given, proven) => {
        const outcome = judged(proven ? signed(given) : unsigned(given));
        if (!proven) expect(String(outcome)).toMatch(/^(unknown|refused)/);
        else expect(typeof outcome).toBe('string');
      }),
      { numRuns: 2_000 },
    );
  });
});
