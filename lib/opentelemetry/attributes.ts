import type { Attributes } from '@opentelemetry/api';

import { WechatPayError } from '../errors/wechat-pay.error.js';
import type { OrderReference } from '../errors/order-reference.js';
import type { AttemptEnd, AttemptFacts, CallEnd } from '../observability/call-observer.js';
import type { Address } from './addresses.js';
import { outcomeOfCall } from './call-outcome.js';

/** What a span tells of a call's end. */
export function callEndAttributes(end: CallEnd, orderNumbers: boolean): Attributes {
  const { outcome, phase, reason, errorType } = outcomeOfCall(end);
  const told = end.kind === 'emitted' ? end.result : end.kind === 'failed' ? end.error : undefined;
  const known = end.kind === 'emitted' ? end.result : told instanceof WechatPayError ? told : undefined;
  return given({
    'wechatpay.outcome': outcome,
    'wechatpay.phase': phase,
    'wechatpay.reason': reason,
    'error.type': errorType,
    'wechatpay.code': told instanceof WechatPayError ? told.code : undefined,
    'wechatpay.request_id': known?.requestId,
    'wechatpay.attempts': known?.attempts,
    'wechatpay.confirmed_by': end.kind === 'emitted' ? end.result.confirmedBy : undefined,
    'wechatpay.already_closed': end.kind === 'emitted' ? end.result.alreadyClosed : undefined,
    ...orderAttributes(known?.order ?? {}, orderNumbers),
  });
}

/** What a span tells of an attempt that begins. */
export function attemptAttributes(
  attempt: AttemptFacts,
  address: Address,
  orderNumbers: boolean,
  number: number,
  resends: number,
): Attributes {
  return given({
    'http.request.method': attempt.method,
    'server.address': address.host,
    'server.port': address.port,
    'url.scheme': address.scheme,
    'url.template': address.template,
    // The conventions want the whole address, which holds the order's number.
    'url.full': orderNumbers ? address.full : undefined,
    'http.request.resend_count': resends > 0 ? resends : undefined,
    'wechatpay.operation': attempt.operation,
    'wechatpay.variant': attempt.variant,
    'wechatpay.mchid': attempt.mchid,
    'wechatpay.attempt': number,
  });
}

/** What a span tells of an attempt's end. */
export function attemptEndAttributes(end: AttemptEnd): Attributes {
  return given({
    'http.response.status_code': end.status,
    'error.type': attemptErrorType(end),
    'wechatpay.proof': end.kind,
    'wechatpay.phase': end.phase,
    'wechatpay.reason': end.reason,
    'wechatpay.code': end.code,
    'wechatpay.request_id': end.requestId,
  });
}

/** What kind of fault an attempt met, if it did: the HTTP status where it is one, otherwise the reason of the doubt. */
export function attemptErrorType({ kind, status, reason }: AttemptEnd): string | undefined {
  if (kind === 'unsubscribed') return 'unsubscribed';
  return status !== undefined && status >= 400 ? String(status) : reason;
}

function orderAttributes(order: OrderReference, orderNumbers: boolean): Attributes {
  const { mchid, sub_mchid, ...numbers } = order;
  return given({
    'wechatpay.mchid': mchid,
    'wechatpay.sub_mchid': sub_mchid,
    ...(orderNumbers &&
      Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`wechatpay.${name}`, value]))),
  });
}

/** Without what is not known. */
function given(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
