import { describe, expect, it } from '@jest/globals';

import type { Answer } from '../../../lib/answers/answer.js';
import type { ExchangeResult } from '../../../lib/answers/exchange-result.js';
import { sealVerified } from '../../../lib/answers/verified.js';
import type { OrderQuery } from '../../../lib/close-order/order-query.js';
import { queryOutcomeOf } from '../../../lib/close-order/query-outcome.js';
import { WechatPayError } from '../../../lib/errors/wechat-pay.error.js';

const call = { variant: 'direct', order: { mchid: '1', out_trade_no: 'x' }, attempts: 2 };
const query: OrderQuery<{ out_trade_no: string }> = {
  target: () => '/',
  number: ({ out_trade_no }) => [['out_trade_no'], out_trade_no],
  parties: () => ({ mchid: '1' }),
};
const content = { out_trade_no: 'x', mchid: '1', trade_state: 'NOTPAY' };
const signed = (answer: Answer): ExchangeResult => ({ kind: 'verified', answer: sealVerified(answer) });

function judged(result: ExchangeResult): unknown {
  try {
    return queryOutcomeOf(result, call, query, { out_trade_no: 'x' });
  } catch (error) {
    if (!(error instanceof WechatPayError)) throw error;
    return error.toJSON();
  }
}

describe('queryOutcomeOf', () => {
  it('tells what APIv3 says', () => {
    expect(judged(signed({ kind: 'content', status: 200, content, requestId: '08AB' }))).toStrictEqual({
      state: 'NOTPAY',
      ...call,
      requestId: '08AB',
      response: content,
    });
  });

  it('tells what APIv2 says', () => {
    const fields = { ...content, trade_state: 'CLOSED' };
    expect(judged(signed({ kind: 'done', status: 200, fields }))).toStrictEqual({
      state: 'CLOSED',
      ...call,
      response: fields,
    });
  });

  it.each<[string, Answer]>([
    ['a 204', { kind: 'done', status: 204 }],
    ['a content without content', { kind: 'content', status: 200 }],
    ['content of APIv3 in the wrong kind of answer', { kind: 'done', status: 204, content }],
    ['fields of APIv2 in the wrong kind of answer', { kind: 'content', status: 200, fields: content }],
    [
      'an order that was closed before',
      { kind: 'failed', status: 400, code: 'ORDER_CLOSED', content, fields: content },
    ],
    ['no state', { kind: 'content', status: 200, content: { ...content, trade_state: 'x' } }],
  ])('makes nothing of %s', (_, answer) => {
    expect(judged(signed(answer))).toMatchObject({
      name: 'OutcomeUnknownError',
      phase: 'verify',
      reason: 'shape',
      authenticated: true,
      status: answer.status,
    });
  });

  it('does not believe a signed answer about another order', () => {
    const answer: Answer = {
      kind: 'content',
      status: 200,
      content: { ...content, out_trade_no: 'y' },
      requestId: '08AB',
    };
    expect(judged(signed(answer))).toMatchObject({
      name: 'OutcomeUnknownError',
      phase: 'verify',
      reason: 'identity',
      authenticated: true,
      requestId: '08AB',
      ...call,
    });
  });

  it('does not believe an answer that is not signed', () => {
    const doubt = { phase: 'verify', reason: 'signature', explanation: 'x' } as const;
    expect(judged({ kind: 'unverified', answer: { kind: 'content', status: 200, content }, doubt })).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'signature',
      authenticated: false,
    });
  });
});
