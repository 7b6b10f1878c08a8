import type { CloseJob } from '../../lib/auto-close/scheduling/close-job.js';
import type { CloseScheduler } from '../../lib/auto-close/scheduling/close-scheduler.js';

/**
 * A job of a direct merchant, scheduled as it falls due.
 *
 * @param number - of the order
 * @param closeAt - in milliseconds
 */
export function jobDue(number: string, closeAt: number): CloseJob {
  return {
    id: `1.out_trade_no.${number}`,
    variant: 'direct',
    request: { out_trade_no: number },
    order: { mchid: '1', out_trade_no: number },
    closeAt,
    createdAt: closeAt,
    scheduledAt: closeAt,
  };
}

/** Stops schedulers and lets go of what they hold. */
export async function stopAll(schedulers: readonly CloseScheduler[]): Promise<void> {
  for (const scheduler of schedulers) {
    await scheduler.stop(0);
    await scheduler.close();
  }
}
