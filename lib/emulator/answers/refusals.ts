import { Refusal } from './refusal.error.js';

/**
 * WeChat Pay's internal codes.
 *
 * @see protocol: the part of `Request-ID` after the last `-`
 */
export const INTERNAL = {
  ok: 0,
  orderPaid: 268449538,
  orderNotFound: 268512771,
  reverseOnly: 268449641,
  subMerchantMismatch: 268447845,
  subMerchantMissing: 268443704,
  subMerchantIsOwn: 268443705,
  notAccepted: 268443701,
  appidMismatch: 268445527,
  badParameter: 268435461,
  extraParameter: 270924358,
} as const;

/**
 * A parameter that is wrong in itself.
 *
 * @param message - what is wrong with it
 * @param internalCode - one of {@link INTERNAL}
 * @param detail - which one it is
 */
export function paramError(
  message: string,
  internalCode: number = INTERNAL.badParameter,
  detail?: { readonly field: string; readonly location: string },
): Refusal {
  return new Refusal({
    status: 400,
    code: 'PARAM_ERROR',
    message,
    internalCode,
    detail: detail && { ...detail, issue: message },
  });
}

/**
 * A request that breaks a rule, though each parameter is well-formed.
 *
 * @param message - which rule
 * @param internalCode - one of {@link INTERNAL}
 */
export function invalidRequest(message: string, internalCode: number = INTERNAL.badParameter): Refusal {
  return new Refusal({ status: 400, code: 'INVALID_REQUEST', message, internalCode });
}

/**
 * A merchant that may not do this.
 *
 * @param message - what it may not
 */
export function noAuth(message: string): Refusal {
  return new Refusal({ status: 403, code: 'NO_AUTH', message, internalCode: INTERNAL.notAccepted });
}

/** An appid that is not bound to the merchant. */
export function appidMismatch(): Refusal {
  return new Refusal({
    status: 400,
    code: 'APPID_MCHID_NOT_MATCH',
    message: 'The appid is not bound to the merchant',
    internalCode: INTERNAL.appidMismatch,
  });
}
