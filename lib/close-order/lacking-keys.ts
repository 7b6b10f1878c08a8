import { InvalidRequestError } from '../errors/invalid-request.error.js';
import type { OrderReference } from '../errors/order-reference.js';

/**
 * Says that a merchant lacks the keys which a variant is signed with.
 *
 * @param api - whose keys
 * @param mchid - the merchant
 * @param call - the variant's name, and which order
 */
export function lackingKeys(
  api: 'apiV2' | 'apiV3',
  mchid: string,
  call: { readonly variant: string; readonly order: OrderReference },
): InvalidRequestError {
  const rule = `${mchid} has no ${api}, which this variant needs; add it to the merchant's options`;
  return new InvalidRequestError([{ field: 'merchant', rule }], call);
}
