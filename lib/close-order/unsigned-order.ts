import type { OrderReference } from '../errors/order-reference.js';
import type { CloseVariant } from './close-variant.js';

/** Stands in for the merchant's own, which nobody knows yet and which no order's number depends on. */
const ANY_APPID = 'wx0000000000000000';

/**
 * Which order is meant by a call whose merchant could not be found.
 *
 * @param variant - which endpoint
 * @param request - checked
 * @param mchid - the merchant that was to sign
 */
export function unsignedOrder<TRequest, TComplete>(
  variant: CloseVariant<TRequest, TComplete>,
  request: TRequest,
  mchid: string,
): OrderReference {
  const complete = variant.complete.safeParse(variant.fill(request, { mchid, appid: ANY_APPID }));
  return complete.success ? { mchid, ...variant.order(complete.data) } : { mchid };
}
