import type { SettledOrder } from '../../close-order/settled-order.js';
import type { CloseJob } from '../scheduling/close-job.js';
import type { ClaimedClose } from '../scheduling/close-work.js';
import type { GivenUpSettlement, GiveUpReason, NotFoundSettlement, Settlement } from '../settlement.js';

/**
 * An order's certain end, as it is recorded.
 *
 * @param settled - from the library
 * @param claimed - the job
 * @param now - in milliseconds since 1970
 */
export function settlementOf(settled: SettledOrder, claimed: ClaimedClose, now: number): Settlement {
  const common = base(claimed, now);
  if (settled.state === 'CLOSED') return { ...common, state: 'CLOSED', alreadyClosed: settled.alreadyClosed };
  const { transaction } = settled;
  return { ...common, state: 'PAID', ...(transaction !== undefined && { transaction }) };
}

/** There is no such order, as it is recorded. */
export function notFound(claimed: ClaimedClose, now: number): NotFoundSettlement {
  return { ...base(claimed, now), state: 'NOT_FOUND' };
}

/** An order that is given up, as it is recorded. */
export function givenUp(claimed: ClaimedClose, now: number, reason: GiveUpReason, message: string): GivenUpSettlement {
  return { ...base(claimed, now), state: 'GIVEN_UP', reason, message };
}

function base({ job, attempt }: { readonly job: CloseJob; readonly attempt: number }, now: number) {
  const { variant, order } = job;
  return { variant, order, settledAt: new Date(now).toISOString(), attempts: attempt };
}
