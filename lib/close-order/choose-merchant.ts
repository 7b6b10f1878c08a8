import type { RequestIssue } from '../errors/invalid-request.error.js';
import type { MerchantDirectory } from '../merchants/merchant.directory.js';

const MOST_NUMBERS = 20;

/**
 * The number of the merchant that signs: the one that is named, or the only one that is listed.
 *
 * @param named - by the request or the call's options
 * @param merchants - those there are
 */
export function chooseMerchant(named: string | undefined, { listed }: MerchantDirectory): string | undefined {
  return named ?? listed.sole?.mchid;
}

/** What is wrong with a request that names no merchant. */
export function unnamed({ listed, hasSource }: MerchantDirectory): RequestIssue {
  const rule =
    listed.numbers.length === 0
      ? 'is not named, and none is listed; give options.merchant, a number that the merchant source knows'
      : `is not named, and several are configured; give options.merchant, one of ${inWords(listed.numbers)}${hasSource ? ', or one that the merchant source knows' : ''}`;
  return { field: 'merchant', rule };
}

/** What is wrong with a request that names a merchant that there is not. */
export function notConfigured(mchid: string, { listed, hasSource }: MerchantDirectory): RequestIssue {
  const rule = hasSource
    ? `${mchid} is not listed, and the merchant source does not know it; check the number, or add it there`
    : `${mchid} is not configured; there are ${inWords(listed.numbers)}`;
  return { field: 'merchant', rule };
}

function inWords(numbers: readonly string[]): string {
  const rest = numbers.length - MOST_NUMBERS;
  return `${numbers.slice(0, MOST_NUMBERS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
