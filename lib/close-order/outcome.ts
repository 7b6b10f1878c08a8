import type { Answer } from '../answers/answer.js';
import type { ExchangeResult } from '../answers/exchange-result.js';
import type { Verified } from '../answers/verified.js';
import type { ClosedOrder } from './closed-order.js';
import type { JudgedCall } from './judged-call.js';
import { provenAnswer, strangeAnswer } from './proven-answer.js';

/** What a reply to a close is made of (protocol §1.3). */
const CLOSE_REPLY: ReadonlySet<string> = new Set([
  'return_code',
  'return_msg',
  'appid',
  'mch_id',
  'sub_appid',
  'sub_mch_id',
  'nonce_str',
  'result_code',
  'result_msg',
  'err_code',
  'err_code_des',
]);

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
  if (verified.value.kind === 'content' || !isCloseReply(verified.value)) throw strangeAnswer(verified, call);
  return closed(verified, verified.value.kind === 'failed', call);
}

/**
 * An APIv2 reply to a close names neither the order nor the endpoint. One with any other field may be a signed message of
 * another kind, such as the notification of a payment, and is not believed.
 */
function isCloseReply({ fields }: Answer): boolean {
  return fields === undefined || Object.keys(fields).every((name) => CLOSE_REPLY.has(name));
}

function closed({ value: answer }: Verified<Answer>, alreadyClosed: boolean, call: JudgedCall): ClosedOrder {
  const { requestId, fields } = answer;
  const { variant, order, attempts } = call;
  const state = 'CLOSED';
  const confirmedBy = 'reply';
  // Nearly every close, in one literal.
  if (requestId !== undefined && fields === undefined) {
    return { state, variant, order, attempts, alreadyClosed, confirmedBy, requestId };
  }
  const closedOrder = { state, variant, order, attempts, alreadyClosed, confirmedBy } as const;
  return {
    ...closedOrder,
    ...(fields !== undefined && { response: fields }),
    ...(requestId !== undefined && { requestId }),
  };
}
