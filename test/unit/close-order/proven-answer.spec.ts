import { describe, expect, it } from '@jest/globals';

import type { Answer } from '../../../lib/answers/answer.js';
import type { DoubtReason } from '../../../lib/answers/doubt.js';
import type { ExchangeResult } from '../../../lib/answers/exchange-result.js';
import { sealVerified } from '../../../lib/answers/verified.js';
import { outcomeOf } from '../../../lib/close-order/outcome.js';
import { otherOrder, provenAnswer, strangeAnswer } from '../../../lib/close-order/proven-answer.js';
import { WechatPayError } from '../../../lib/errors/wechat-pay.error.js';

const call = { variant: 'direct', order: { mchid: '1900000109', out_trade_no: '20261122' }, attempts: 3 };
const signed = (answer: Answer): ExchangeResult => ({ kind: 'verified', answer: sealVerified(answer) });
const doubted = (answer: Answer, reason: DoubtReason = 'unsigned'): ExchangeResult => ({
  kind: 'unverified',
  answer,
  doubt: { phase: 'verify', reason, explanation: 'Nothing proves it.' },
});

function errorOf(judge: () => unknown): Record<string, unknown> {
  try {
    judge();
  } catch (error) {
    if (error instanceof WechatPayError) return error.toJSON();
    throw error;
  }
  throw new Error('it was believed');
}
const judged = (result: ExchangeResult) => errorOf(() => provenAnswer(result, call));

/** All that an answer may say beside its kind. */
const said = {
  status: 400,
  description: 'words',
  detail: { field: 'x' },
  requestId: '08AB-1',
  internalCode: '1',
  retryAfterMs: 2_000,
  clockSkew: 77,
};

describe('provenAnswer', () => {
  it.each<Answer>([
    { kind: 'done', status: 204 },
    { kind: 'content', status: 200, content: {} },
    { kind: 'failed', status: 400, code: 'ORDER_CLOSED' },
  ])('gives a signed $kind back as it is', (answer) => {
    expect(provenAnswer(signed(answer), call).value).toBe(answer);
  });

  it.each<[Answer['kind'], string, string, string | undefined]>([
    ['failed', 'ORDER_PAID', 'OrderPaidError', undefined],
    ['failed', 'ORDER_NOT_EXIST', 'OrderNotFoundError', undefined],
    ['failed', 'USERPAYING', 'PaymentInProgressError', undefined],
    ['failed', 'PARAM_ERROR', 'RequestRefusedError', undefined],
    ['failed', 'SYSTEM_ERROR', 'OutcomeUnknownError', 'serverError'],
    ['failed', 'FREQUENCY_LIMITED', 'OutcomeUnknownError', 'rateLimited'],
    ['failed', 'TRADE_ERROR', 'OutcomeUnknownError', 'tradeState'],
    ['processing', 'USERPAYING', 'PaymentInProgressError', undefined],
    ['rejected', 'X', 'RequestRefusedError', undefined],
    ['unrecognized', 'X', 'OutcomeUnknownError', 'shape'],
  ])('ends a signed %s with %s in %s, with all that was said', (kind, code, name, reason) => {
    const error = judged(signed({ kind, code, ...said }));
    expect(error).toMatchObject({ name, ...call, code, ...said, authenticated: true });
    expect([error['phase'], error['reason']]).toEqual(reason === undefined ? [] : ['verify', reason]);
    expect(error).not.toHaveProperty('hint');
  });

  it.each([
    ['268449641', { name: 'ReverseRequiredError' }],
    ['268449538', { name: 'OutcomeUnknownError', phase: 'verify', reason: 'tradeState', hint: { outcome: 'paid' } }],
    [
      '268512771',
      { name: 'OutcomeUnknownError', phase: 'verify', reason: 'tradeState', hint: { outcome: 'not_found' } },
    ],
    ['1', { name: 'RequestRefusedError' }],
  ])('lets internal code %s turn a refusal into a pointer at most', (internalCode, end) => {
    const error = judged(signed({ kind: 'failed', code: 'INVALID_REQUEST', ...said, internalCode }));
    expect(error).toMatchObject({ ...end, internalCode, authenticated: true });
  });

  it('says nothing of an answer that never came', () => {
    const doubt = { phase: 'body', reason: 'reset', explanation: 'It broke off.' } as const;
    const error = judged({ kind: 'silence', doubt });
    expect(error).toEqual({
      name: 'OutcomeUnknownError',
      message: expect.stringContaining('It broke off.'),
      outcome: 'unknown',
      retryable: true,
      ...call,
      authenticated: false,
      phase: 'body',
      reason: 'reset',
    });
  });
});

describe('an answer that nothing proves', () => {
  it.each<[Answer, DoubtReason, object]>([
    [{ kind: 'rejected', status: 200 }, 'unsigned', { name: 'RequestRefusedError' }],
    [{ kind: 'rejected', status: 200 }, 'signature', { reason: 'signature', hint: { outcome: 'refused' } }],
    [{ kind: 'failed', status: 401, code: 'SIGN_ERROR' }, 'unsigned', { name: 'RequestRefusedError' }],
    [{ kind: 'failed', status: 401, code: 'SIGN_ERROR' }, 'time', { reason: 'time' }],
    [{ kind: 'failed', status: 400, code: 'SIGN_ERROR' }, 'unsigned', { reason: 'unsigned' }],
    [{ kind: 'failed', status: 401, code: 'NO_AUTH' }, 'unsigned', { reason: 'unsigned' }],
    [{ kind: 'failed', status: 499 }, 'unsigned', { reason: 'unsigned' }],
    [{ kind: 'failed', status: 500 }, 'unsigned', { reason: 'serverError', phase: 'verify' }],
    [
      { kind: 'failed', status: 500, code: 'ORDER_PAID' },
      'unsigned',
      { reason: 'serverError', hint: { outcome: 'paid' } },
    ],
    [{ kind: 'failed', status: 500 }, 'serial', { reason: 'serial' }],
    [{ kind: 'failed', status: 429 }, 'unsigned', { reason: 'rateLimited', phase: 'verify' }],
    [
      { kind: 'failed', status: 429, code: 'ORDER_PAID' },
      'unsigned',
      { reason: 'rateLimited', hint: { outcome: 'paid' } },
    ],
    [{ kind: 'failed', status: 429 }, 'header', { reason: 'header' }],
    [{ kind: 'unrecognized', status: 299 }, 'unsigned', { reason: 'unsigned' }],
    [{ kind: 'unrecognized', status: 300 }, 'unsigned', { reason: 'redirect', phase: 'verify' }],
    [{ kind: 'unrecognized', status: 399 }, 'signature', { reason: 'redirect' }],
    [{ kind: 'failed', status: 400 }, 'signature', { reason: 'signature' }],
    [{ kind: 'done', status: 204 }, 'replay', { reason: 'replay', hint: { outcome: 'closed' } }],
  ])('%j, doubted for %s', (answer, reason, end) => {
    const error = judged(doubted({ ...answer, requestId: '08AB-1' }, reason));
    expect(error).toMatchObject({ name: 'OutcomeUnknownError', ...end, authenticated: false, requestId: '08AB-1' });
    if (!('hint' in end) && answer.code === undefined) expect(error).not.toHaveProperty('hint');
  });

  it('keeps the words of the doubt', () => {
    expect(judged(doubted({ kind: 'done', status: 204 }))['message']).toContain('Nothing proves it.');
  });

  it('names the status of a server in trouble', () => {
    expect(judged(doubted({ kind: 'failed', status: 503 }))['message']).toContain(
      'WeChat Pay had trouble of its own (HTTP 503).',
    );
  });
});

describe('an answer that does not fit', () => {
  it.each([
    [299, 'shape', /HTTP 299 with this content is no answer that the protocol knows\. /],
    [300, 'redirect', /HTTP 300 with .* knows; redirects are not followed\. /],
    [399, 'redirect', /HTTP 399 with .* knows; redirects are not followed\. /],
    [400, 'shape', /HTTP 400 with .* knows\. /],
  ])('is strange with HTTP %d: %s', (status, reason, words) => {
    const error = strangeAnswer(sealVerified<Answer>({ kind: 'done', status, requestId: '08AB' }), call);
    expect(error).toMatchObject({ ...call, phase: 'verify', reason, status, requestId: '08AB', authenticated: true });
    expect(error.message).toMatch(words);
  });

  it('may be about another order', () => {
    expect(otherOrder(sealVerified<Answer>({ kind: 'content', status: 200, requestId: '08AB' }), call)).toMatchObject({
      ...call,
      phase: 'verify',
      reason: 'identity',
      status: 200,
      requestId: '08AB',
      authenticated: true,
    });
  });
});

describe('a close', () => {
  const NAMES = ['appid', 'mch_id', 'sub_appid', 'sub_mch_id', 'nonce_str', 'return_code', 'return_msg'];
  const RESULTS = ['result_code', 'result_msg', 'err_code', 'err_code_des'];
  const fields = Object.fromEntries([...NAMES, ...RESULTS].map((name) => [name, 'x']));

  it('is proven by an APIv2 reply with the fields of one', () => {
    expect(outcomeOf(signed({ kind: 'done', status: 200, fields }), call)).toStrictEqual({
      state: 'CLOSED',
      ...call,
      alreadyClosed: false,
      confirmedBy: 'reply',
      response: fields,
    });
  });

  it('is proven by an APIv3 reply', () => {
    expect(outcomeOf(signed({ kind: 'done', status: 204, requestId: '08AB' }), call)).toStrictEqual({
      state: 'CLOSED',
      ...call,
      alreadyClosed: false,
      confirmedBy: 'reply',
      requestId: '08AB',
    });
    expect(outcomeOf(signed({ kind: 'failed', status: 400, code: 'ORDER_CLOSED' }), call)).toStrictEqual({
      state: 'CLOSED',
      ...call,
      alreadyClosed: true,
      confirmedBy: 'reply',
    });
  });

  it.each<[string, Answer]>([
    ['a field more', { kind: 'done', status: 200, fields: { ...fields, out_trade_no: 'x' } }],
    ['only another field', { kind: 'done', status: 200, fields: { transaction_id: 'x' } }],
    [
      'a field more, although it says closed',
      { kind: 'failed', status: 200, code: 'ORDERCLOSED', fields: { refund_id: 'x' } },
    ],
    ['content', { kind: 'content', status: 200, content: {} }],
  ])('is not proven by a signed answer with %s', (_, answer) => {
    expect(errorOf(() => outcomeOf(signed(answer), call))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'shape',
      authenticated: true,
    });
  });
});
