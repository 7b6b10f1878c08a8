/** What an order can have come to, each at the place that the ledger knows it by. */
export const OUTCOMES = [
  'closed',
  'paid',
  'not_found',
  'in_progress',
  'needs_reverse',
  'refused',
  'not_sent',
  'unknown',
] as const;

/** What an order has come to. */
export type OutcomeName = (typeof OUTCOMES)[number];

/** Whether a text is the name of an outcome. */
export function isOutcomeName(text: string | undefined): text is OutcomeName {
  return OUTCOMES.some((name) => name === text);
}
