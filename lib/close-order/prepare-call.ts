import { InvalidRequestError, type RequestIssue } from '../errors/invalid-request.error.js';
import type { Merchant } from '../merchants/merchant.js';
import type { ObservedCall } from '../observability/observed-call.js';
import type { CloseVariant } from './close-variant.js';
import { PreparedCall } from './prepared-call.js';
import { requestIssues } from './request-issues.js';

const MERCHANT_NUMBER = /^\d{1,32}$/;

/** A request whose own fields hold, and the number of the merchant that signs it, where it is named. */
export interface CheckedCall<TRequest> {
  readonly request: TRequest;
  readonly mchid: string | undefined;
}

/**
 * Checks a request and who is to sign it.
 *
 * @param variant - which endpoint
 * @param request - as the application gave it
 * @param named - the merchant that the application names, if it does
 * @throws {@link InvalidRequestError} with every fault
 */
export function checkCall<TRequest, TComplete>(
  variant: CloseVariant<TRequest, TComplete>,
  request: TRequest,
  named: string | undefined,
): CheckedCall<TRequest> {
  if (named !== undefined && (typeof named !== 'string' || !MERCHANT_NUMBER.test(named))) {
    throw refused(variant, [{ field: 'options.merchant', rule: 'must be a merchant number: 1 to 32 digits' }]);
  }
  const given = safely(() => variant.request.safeParse(request));
  if (given === undefined) throw refused(variant, [{ field: 'request', rule: 'cannot be read' }]);
  if (!given.success) throw refused(variant, requestIssues(given.error));
  const carried = variant.merchantNumber(given.data);
  if (named !== undefined && carried !== undefined && named !== carried) {
    throw refused(variant, [
      { field: 'options.merchant', rule: `is ${named}, but the request carries ${carried}; give one of them` },
    ]);
  }
  if (carried !== undefined && !MERCHANT_NUMBER.test(carried)) {
    throw refused(variant, [{ field: 'merchant', rule: 'must be a merchant number: 1 to 32 digits' }]);
  }
  return { request: given.data, mchid: named ?? carried };
}

/**
 * Fills in what was left out of a request.
 *
 * @param variant - which endpoint
 * @param request - checked
 * @param merchant - the one that signs
 * @param observed - the call
 * @throws {@link InvalidRequestError} with every fault
 */
export function completeCall<TRequest, TComplete>(
  variant: CloseVariant<TRequest, TComplete>,
  request: TRequest,
  merchant: Merchant,
  observed: ObservedCall,
): PreparedCall<TComplete> {
  const complete = variant.complete.safeParse(variant.fill(request, merchant));
  if (!complete.success) throw refused(variant, requestIssues(complete.error).map(filledIn));
  return new PreparedCall(variant, complete.data, merchant, observed);
}

/**
 * The error of a request that does not hold.
 *
 * @param variant - which endpoint
 * @param issues - at least one
 */
export function refused(
  { name }: Pick<CloseVariant<never>, 'name'>,
  issues: readonly RequestIssue[],
): InvalidRequestError {
  return new InvalidRequestError(issues, { variant: name, order: {} });
}

/** A getter or a proxy of the application's may throw. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function filledIn({ field, rule }: RequestIssue): RequestIssue {
  const missing = rule.startsWith('is missing');
  return { field, rule: missing ? `${rule}, given in the request or in the merchant's options` : rule };
}
