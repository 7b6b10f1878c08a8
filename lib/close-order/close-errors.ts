import type { Doubt } from '../answers/doubt.js';
import { errorName } from '../answers/error-name.js';
import { inWords } from '../errors/order-reference.js';
import { OrderNotFoundError } from '../errors/order-not-found.error.js';
import { OrderPaidError } from '../errors/order-paid.error.js';
import { type Hint, OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import { PaymentInProgressError } from '../errors/payment-in-progress.error.js';
import { RequestRefusedError } from '../errors/request-refused.error.js';
import { ReverseRequiredError } from '../errors/reverse-required.error.js';
import { WechatPayError, type WechatPayErrorDetails } from '../errors/wechat-pay.error.js';
import type { JudgedCall } from './judged-call.js';
import type { QueriedOrder } from './queried-order.js';

/** {@link OrderPaidError}, with what to do. */
export function paid(details: WechatPayErrorDetails): OrderPaidError {
  return new OrderPaidError(
    `${inWords(details.order)} has been paid and was not closed: fulfil it or refund it${said(details)}.`,
    details,
  );
}

/** {@link OrderPaidError} that a signed query told, with the transaction. */
export function paidByQuery({ variant, order, attempts, requestId, transaction }: QueriedOrder): OrderPaidError {
  const details = { variant, order, attempts, requestId, authenticated: true };
  return new OrderPaidError(
    `${inWords(order)} has been paid and was not closed: fulfil it or refund it.`,
    details,
    transaction,
  );
}

/** {@link OutcomeUnknownError} for an order of which WeChat Pay's reply says something else than its answer to a query. */
export function unconfirmed({ variant, order, attempts, requestId, state }: QueriedOrder): OutcomeUnknownError {
  const explanation = `WeChat Pay's answer to a query says ${state}, which its reply to the close does not agree with.`;
  const details = { variant, order, attempts, requestId, authenticated: true };
  return unknown({ phase: 'verify', reason: 'unconfirmed', explanation }, details);
}

/** {@link OutcomeUnknownError} for a call that took too long as a whole. */
export function overtime(totalMs: number, { variant, order, attempts }: JudgedCall): OutcomeUnknownError {
  const phase = attempts === 0 ? 'notSent' : 'sent';
  const explanation = `There was no outcome within ${totalMs} ms.`;
  return unknown({ phase, reason: 'timeout', explanation }, { variant, order, attempts, authenticated: false });
}

/** {@link OutcomeUnknownError} for a call whose last attempt was not sent, while an earlier one was. */
export function sentBefore(
  { reason }: OutcomeUnknownError,
  { variant, order, attempts }: JudgedCall,
): OutcomeUnknownError {
  const explanation = `An attempt was sent and brought nothing definite; the last one could not be sent (${reason}).`;
  return unknown({ phase: 'sent', reason, explanation }, { variant, order, attempts, authenticated: false });
}

/** {@link OutcomeUnknownError} for a call that the application's shutdown ended. */
export function shutDown({ variant, order, attempts }: JudgedCall, wasSent: boolean): OutcomeUnknownError {
  const doubt = { reason: 'shutdown', explanation: 'The application was shut down meanwhile.' } as const;
  const details = { variant, order, attempts, authenticated: false };
  return unknown({ ...doubt, phase: wasSent ? 'sent' : 'notSent' }, details);
}

/** {@link OutcomeUnknownError} for what nobody foresaw, such as a variant of the application's own that throws. */
export function unexpected(error: unknown, { variant, order, attempts }: JudgedCall): OutcomeUnknownError {
  const explanation = `Something failed that should not (${errorName(error)}).`;
  const phase = attempts === 0 ? 'notSent' : 'sent';
  return unknown({ phase, reason: 'internal', explanation }, { variant, order, attempts, authenticated: false });
}

/** What a call ends in: one of its own errors as it is, and anything else as {@link unexpected}. */
export function typed(error: unknown, call: JudgedCall): WechatPayError {
  return isOwn(error) ? error : unexpected(error, call);
}

/** What a variant of the application's own throws may be a proxy that throws in its turn. */
function isOwn(error: unknown): error is WechatPayError {
  try {
    return error instanceof WechatPayError;
  } catch {
    return false;
  }
}

/** {@link OrderNotFoundError}, with what to do. */
export function notFound(details: WechatPayErrorDetails): OrderNotFoundError {
  return new OrderNotFoundError(
    `${inWords(details.order)} is not known to WeChat Pay: check the number, the merchant and the variant${said(details)}.`,
    details,
  );
}

/** {@link PaymentInProgressError}, with what to do. */
export function inProgress(details: WechatPayErrorDetails): PaymentInProgressError {
  return new PaymentInProgressError(
    `${inWords(details.order)} is being paid and was not closed: ask again in 5 seconds${said(details)}.`,
    details,
  );
}

/** {@link ReverseRequiredError}, with what to do. */
export function reverseRequired(details: WechatPayErrorDetails): ReverseRequiredError {
  return new ReverseRequiredError(
    `${inWords(details.order)} is a payment-code order, which cannot be closed: query it, and reverse it if it must end${said(details)}.`,
    details,
  );
}

/** {@link RequestRefusedError}, with what to do. */
export function refused(details: WechatPayErrorDetails): RequestRefusedError {
  const { order, authenticated, clockSkew } = details;
  const what = authenticated
    ? 'is as it was, the request was refused'
    : 'was refused, in an answer that is not signed, as WeChat Pay cannot sign for a caller it does not know';
  return new RequestRefusedError(
    `${inWords(order)} ${what}: check its fields, the keys, the clock and the merchant's permissions${clockWords(clockSkew)}${said(details)}.`,
    details,
  );
}

/** {@link OutcomeUnknownError}, with what to do. */
export function unknown(doubt: Doubt, details: WechatPayErrorDetails, hint?: Hint): OutcomeUnknownError {
  const { phase, reason, explanation } = doubt;
  const advice =
    phase === 'notSent'
      ? 'WeChat Pay has not seen the request; it is as it was. Try again'
      : 'It may be open, closed or paid: close it again or query it, and do not release its stock before';
  return new OutcomeUnknownError(`${inWords(details.order)}: ${explanation} ${advice}${said(details)}.`, {
    ...details,
    phase,
    reason,
    hint,
  });
}

function clockWords(clockSkew: number | undefined): string {
  if (clockSkew === undefined) return '';
  return `; this machine's clock is ${Math.abs(clockSkew)} s ${clockSkew > 0 ? 'ahead of' : 'behind'} WeChat Pay's, which alone makes signatures wrong from 300 s on`;
}

function said({ status, code, description, requestId }: WechatPayErrorDetails): string {
  const parts = [
    status !== undefined && `HTTP ${status}`,
    code,
    description,
    requestId !== undefined && `Request-ID ${requestId}`,
  ];
  const words = parts.filter((part) => typeof part === 'string');
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
