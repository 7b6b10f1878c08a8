import type { Answer } from '../answers/answer.js';
import type { Doubt } from '../answers/doubt.js';
import type { ExchangeResult } from '../answers/exchange-result.js';
import type { Verified } from '../answers/verified.js';
import type { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import type { WechatPayErrorDetails } from '../errors/wechat-pay.error.js';
import { withoutPrototype } from '../answers/without-prototype.js';
import { inProgress, notFound, paid, refused, reverseRequired, unknown } from './close-errors.js';
import { hintOf } from './hint.js';
import { internalMeaning } from './internal-code.js';
import type { JudgedCall } from './judged-call.js';
import { meaningOf } from './wechat-code.js';

/**
 * Takes an answer that is proven and says that what was asked for is so: `done`, `content`, or an order that was closed
 * before. It is total: any other result ends in one of the errors. Paid, not found, in progress and to-be-reversed come
 * from a {@link Verified} answer alone.
 *
 * @param result - what came of the exchange
 * @param call - names the order
 * @throws {@link WechatPayError} for every other outcome
 */
export function provenAnswer(result: ExchangeResult, call: JudgedCall): Verified<Answer> {
  switch (result.kind) {
    case 'verified':
      return judge(result.answer, call);
    case 'unverified':
      throw doubtful(result.answer, result.doubt, call);
    case 'silence':
      throw unknown(result.doubt, detailsOf(undefined, false, call));
  }
}

/**
 * The error for a proven answer that the protocol does not allow here.
 *
 * @param verified - the answer
 * @param call - names the order
 */
export function strangeAnswer(verified: Verified<Answer>, call: JudgedCall): OutcomeUnknownError {
  return unknown(strange(verified.value.status), detailsOf(verified.value, true, call));
}

/**
 * The error for a proven answer that is about another order.
 *
 * @param verified - the answer
 * @param call - names the order
 */
export function otherOrder(verified: Verified<Answer>, call: JudgedCall): OutcomeUnknownError {
  const explanation = 'The answer is signed, but about another order.';
  return unknown({ phase: 'verify', reason: 'identity', explanation }, detailsOf(verified.value, true, call));
}

function judge(verified: Verified<Answer>, call: JudgedCall): Verified<Answer> {
  const { value: answer } = verified;
  switch (answer.kind) {
    case 'done':
    case 'content':
      return verified;
    case 'processing':
      throw inProgress(detailsOf(answer, true, call));
    case 'rejected':
      throw refused(detailsOf(answer, true, call));
    case 'unrecognized':
      throw strangeAnswer(verified, call);
    case 'failed':
      return judgeFailure(verified, detailsOf(answer, true, call));
  }
}

function judgeFailure(verified: Verified<Answer>, details: WechatPayErrorDetails): Verified<Answer> {
  const { code, status, internalCode } = verified.value;
  switch (meaningOf(code, status)) {
    case 'closed':
      return verified;
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
  // WeChat Pay cannot sign for a caller whom it does not know, so these refusals never carry a signature. They claim
  // nothing about the order.
  if (unsigned && (answer.kind === 'rejected' || (answer.status === 401 && answer.code === 'SIGN_ERROR')))
    return refused(details);
  // A gateway's page is no XML of APIv2, either.
  const isGateways = unsigned || doubt.reason === 'shape';
  if (isGateways && answer.status >= 500) return unknown(serverError(answer.status), details, hintOf(answer));
  if (isGateways && answer.status === 429) return unknown(RATE_LIMITED, details, hintOf(answer));
  if (answer.status >= 300 && answer.status < 400) return unknown(strange(answer.status), details);
  return unknown(doubt, details, hintOf(answer));
}

function detailsOf(answer: Answer | undefined, authenticated: boolean, call: JudgedCall): WechatPayErrorDetails {
  const { code, description, detail, status, requestId, internalCode, retryAfterMs, clockSkew } =
    answer ?? withoutPrototype<Partial<Answer>>({});
  const said = { code, description, detail, status, requestId, internalCode, retryAfterMs, clockSkew };
  return { ...call, authenticated, ...said };
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
