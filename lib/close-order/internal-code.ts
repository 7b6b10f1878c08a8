/** A payment-code order, which ordinary close does not accept. */
const REVERSE_ONLY = new Set(['268449641']);
/** The order has been paid. */
const PAID = new Set(['268449538', '268498689']);
const NOT_FOUND = new Set(['268512771']);

/**
 * What WeChat's internal code at the end of `Request-ID` adds to a refusal. No signature covers that header, so it can
 * turn a refusal into a doubt or a pointer to another call, and never into paid or closed.
 *
 * @param internalCode - digits
 * @see protocol §3.5
 */
export function internalMeaning(internalCode: string | undefined): 'needs_reverse' | 'paid' | 'not_found' | undefined {
  if (internalCode === undefined) return undefined;
  if (REVERSE_ONLY.has(internalCode)) return 'needs_reverse';
  if (PAID.has(internalCode)) return 'paid';
  return NOT_FOUND.has(internalCode) ? 'not_found' : undefined;
}
