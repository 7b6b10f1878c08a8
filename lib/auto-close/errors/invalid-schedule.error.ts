import type { RequestIssue } from '../../errors/invalid-request.error.js';

/** An order cannot be scheduled as it was asked for, so nothing was stored. A request that does not hold is an {@link InvalidRequestError}. */
export class InvalidScheduleError extends Error {
  override readonly name = 'InvalidScheduleError';

  /** @param issues - every fault, at least one */
  constructor(readonly issues: readonly RequestIssue[]) {
    super(`Nothing was scheduled: ${issues.map(({ field, rule }) => `${field} ${rule}`).join('; ')}.`);
  }
}
