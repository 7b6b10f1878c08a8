import type { Answer } from '../answers/answer.js';
import type { Doubt } from '../answers/doubt.js';
import type { ExchangeResult } from '../answers/exchange-result.js';
import type { Verified } from '../answers/verified.js';
import type { OrderReference } from '../errors/order-reference.js';
import type { WechatPayErrorDetails } from '../errors/wechat-pay.error.js';
import { inProgress, notFound, paid, refused, reverseRequired, unknown } from './close-errors.js';
import type { ClosedOrder } from './closed-order.js';
import { hintOf } from './hint.js';
import { internalMeaning } from './internal-code.js';
import { meaningOf } from './wechat-code.js';

/** The call that is being judged. */
export interface JudgedCall {
  readonly variant: string;
  readonly order: OrderReference;
  readonly attempts: number;
}

/**
 * Decides what became of an order. It is total: any result gives a closed order or one of the errors. Closed, paid, not
 * found, in progress and to-be-reversed come from a {@link Verified} answer alone.
 *
 * @param result - what came of the exchange
 * @param call - names the order
 * @returns the closed order
 * @throws {@link WechatPayError} for every other outcome
 */
export function outcomeOf(result: ExchangeResult, call: JudgedCall): ClosedOrder {
  switch (result.kind) {
    case 'verified':
      return judge(result.answer, call);
    case 'unverified':
      throw doubtful(result.answer, result.doubt, call);
    case 'silence':
      throw unknown(result.doubt, detailsOf(undefined, false, call));
  }
}

function judge(verified: Verified<Answer>, call: JudgedCall): ClosedOrder {
  const { value: answer } = verified;
  const details = detailsOf(answer, true, call);
  switch (answer.kind) {
    case 'done':
      return closed(verified, false, call);
    case 'processing':
      throw inProgress(details);
    case 'rejected':
      throw refused(details);
    case 'unrecognized':
      throw unknown(strange(answer.status), details);
    case 'failed':
      return judgeFailure(verified, details, call);
  }
}

function judgeFailure(verified: Verified<Answer>, details: WechatPayErrorDetails, call: JudgedCall): ClosedOrder {
  const { code, status, internalCode } = verified.value;
  switch (meaningOf(code, status)) {
    case 'closed':
      return closed(verified, true, call);
    case 'paid':
      throw paid(details);
    case 'not_found':
      throw notFound(details);
    case 'in_progress':
      throw inProgress(details);
    case 'server_error':
      throw unknown(serverError(status), details);
    case 'rate_limited':
      throw unknown(RATE_LIMITED, details);
    case 'trade_state':
      throw unknown(TRADE_STATE, details);
    case 'nothing':
      throw unknown(strange(status), details);
    case 'refused': {
      const internal = internalMeaning(internalCode);
      if (internal === undefined) throw refused(details);
      throw internal === 'needs_reverse'
        ? reverseRequired(details)
        : unknown(TRADE_STATE, details, { outcome: internal });
    }
  }
}

function doubtful(answer: Answer, doubt: Doubt, call: JudgedCall) {
  const details = detailsOf(answer, false, call);
  const unsigned = doubt.reason === 'unsigned';
  const meaning = meaningOf(answer.code, answer.status);
  // WeChat Pay cannot sign for a caller whom it does not know, so these refusals never carry a signature. They claim
  // nothing about the order.
  if (unsigned && (answer.kind === 'rejected' || (answer.status === 401 && meaning === 'refused')))
    return refused(details);
  if (unsigned && answer.status >= 500) return unknown(serverError(answer.status), details, hintOf(answer));
  if (unsigned && answer.status === 429) return unknown(RATE_LIMITED, details, hintOf(answer));
  if (answer.status >= 300 && answer.status < 400) return unknown(strange(answer.status), details);
  return unknown(doubt, details, hintOf(answer));
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

function detailsOf(answer: Answer | undefined, authenticated: boolean, call: JudgedCall): WechatPayErrorDetails {
  const { code, description, detail, status, requestId, internalCode } = answer ?? {};
  return { ...call, authenticated, code, description, detail, status, requestId, internalCode };
}

function serverError(status: number): Doubt {
  const explanation = `WeChat Pay had trouble of its own (HTTP ${status}).`;
  return { phase: 'verify', reason: 'serverError', explanation };
}

const RATE_LIMITED: Doubt = {
  phase: 'verify',
  reason: 'rateLimited',
  explanation: 'WeChat Pay is asked too often, or a payment of this order holds a lock.',
};

const TRADE_STATE: Doubt = {
  phase: 'verify',
  reason: 'tradeState',
  explanation: "WeChat Pay refused because of the order's state, which it did not name.",
};

function strange(status: number): Doubt {
  const redirect = status >= 300 && status < 400;
  return {
    phase: 'verify',
    reason: redirect ? 'redirect' : 'shape',
    explanation: `HTTP ${status} with this content is no answer that the protocol knows${redirect ? '; redirects are not followed' : ''}.`,
  };
}
