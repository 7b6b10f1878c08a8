import { InvalidRequestError, type RequestIssue } from '../errors/invalid-request.error.js';
import type { OrderReference } from '../errors/order-reference.js';
import type { Merchant } from '../merchants/merchant.js';
import type { MerchantRegistry } from '../merchants/merchant.registry.js';
import type { CloseVariant } from './close-variant.js';
import { requestIssues } from './request-issues.js';

/** A request that holds, with the merchant that signs it. */
export interface PreparedCall<TComplete> {
  readonly merchant: Merchant;
  readonly complete: TComplete;
  readonly order: OrderReference;
}

/**
 * Checks a request, finds the merchant that signs it, and fills in what was left out.
 *
 * @param variant - which endpoint
 * @param request - as the application gave it
 * @param named - the merchant that the application names, if it does
 * @param merchants - those that are configured
 * @throws {@link InvalidRequestError} with every fault
 */
export function prepareCall<TRequest, TComplete>(
  variant: CloseVariant<TRequest, TComplete>,
  request: TRequest,
  named: string | undefined,
  merchants: MerchantRegistry,
): PreparedCall<TComplete> {
  const refuse = (issues: readonly RequestIssue[]) =>
    new InvalidRequestError(issues, { variant: variant.name, order: {} });
  if (named !== undefined && (typeof named !== 'string' || !/^\d{1,32}$/.test(named))) {
    throw refuse([{ field: 'options.merchant', rule: 'must be a merchant number: 1 to 32 digits' }]);
  }
  const given = safely(() => variant.request.safeParse(request));
  if (given === undefined) throw refuse([{ field: 'request', rule: 'cannot be read' }]);
  if (!given.success) throw refuse(requestIssues(given.error));
  const carried = variant.merchantNumber(given.data);
  if (named !== undefined && carried !== undefined && named !== carried) {
    throw refuse([
      { field: 'options.merchant', rule: `is ${named}, but the request carries ${carried}; give one of them` },
    ]);
  }
  const merchant = chooseMerchant(named ?? carried, merchants);
  if ('rule' in merchant) throw refuse([merchant]);
  const complete = variant.complete.safeParse(variant.fill(given.data, merchant));
  if (!complete.success) throw refuse(requestIssues(complete.error).map(filledIn));
  return {
    merchant,
    complete: complete.data,
    order: { mchid: merchant.mchid, ...variant.order(complete.data) },
  };
}

/** A getter or a proxy of the application's may throw. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function chooseMerchant(number: string | undefined, merchants: MerchantRegistry): Merchant | RequestIssue {
  const configured = merchants.numbers.join(', ');
  if (number !== undefined) {
    const rule = `${number} is not configured; there are ${configured}`;
    return merchants.find(number) ?? { field: 'merchant', rule };
  }
  const rule = `is not named, and several are configured; give options.merchant, one of ${configured}`;
  return merchants.sole ?? { field: 'merchant', rule };
}

function filledIn({ field, rule }: RequestIssue): RequestIssue {
  const missing = rule.startsWith('is missing');
  return { field, rule: missing ? `${rule}, given in the request or in the merchant's options` : rule };
}
