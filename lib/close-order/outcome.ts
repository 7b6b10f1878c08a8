import type { Answer } from '../answers/answer.js';
import type { ExchangeResult } from '../answers/exchange-result.js';
import type { Verified } from '../answers/verified.js';
import type { ClosedOrder } from './closed-order.js';
import type { JudgedCall } from './judged-call.js';
import { provenAnswer, strangeAnswer } from './proven-answer.js';

const OTHER_ENDPOINTS = ['trade_state', 'trade_type', 'prepay_id', 'code_url', 'transaction_id', 'refund_id', 'recall'];

/**
 * Decides what became of an order that was to be closed.
 *
 * @param result - what came of the exchange
 * @param call - names the order
 * @returns the closed order
 * @throws {@link WechatPayError} for every other outcome
 */
export function outcomeOf(result: ExchangeResult, call: JudgedCall): ClosedOrder {
  const verified = provenAnswer(result, call);
  if (verified.value.kind === 'content' || isOtherAnswer(verified.value)) throw strangeAnswer(verified, call);
  return closed(verified, verified.value.kind === 'failed', call);
}

/**
 * An APIv2 reply to a close names neither the order nor the endpoint. One that carries what only other endpoints answer with
 * has been taken from there.
 */
function isOtherAnswer({ fields = {} }: Answer): boolean {
  return OTHER_ENDPOINTS.some((name) => Object.hasOwn(fields, name));
}

function closed({ value: answer }: Verified<Answer>, alreadyClosed: boolean, call: JudgedCall): ClosedOrder {
  const { requestId, fields } = answer;
  return {
    state: 'CLOSED',
    ...call,
    alreadyClosed,
    confirmedBy: 'reply',
    ...(requestId !== undefined && { requestId }),
    ...(fields !== undefined && { response: fields }),
  };
}
