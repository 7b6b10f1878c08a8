import { Inject, Injectable, Logger } from '@nestjs/common';
import type { SchedulerLike } from 'rxjs';

import { Clock } from '../../environment/clock.js';
import { Randomness } from '../../environment/randomness.js';
import { inWords } from '../../errors/order-reference.js';
import { WECHAT_PAY_SCHEDULER } from '../../wechat-pay.constants.js';
import { Observations } from '../observations.js';
import type { ClaimedClose, CloseWork, Verdict } from '../scheduling/close-work.js';
import { AutoCloseSettings } from '../configuration/auto-close-settings.js';
import type { Settlement } from '../settlement.js';
import type { SettlementHandler } from '../settlement.handler.js';
import { pauseAfter } from './back-off.js';
import { callHandler } from './call-handler.js';
import { HandlerFinder } from './handler.finder.js';
import { OrderCloser } from './order-closer.js';
import { saidBy } from './said-by.js';

/** What is done with each order that is due: it is settled, the application's handler takes the settlement, and it is recorded. */
@Injectable()
export class SettlementWorker implements CloseWork {
  readonly #logger = new Logger('AutoClose');

  constructor(
    @Inject(OrderCloser) private readonly closer: OrderCloser,
    @Inject(HandlerFinder) private readonly handlers: HandlerFinder,
    @Inject(Observations) private readonly observations: Observations,
    @Inject(AutoCloseSettings) private readonly settings: AutoCloseSettings,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Randomness) private readonly randomness: Randomness,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  async run(claimed: ClaimedClose, signal: AbortSignal): Promise<Verdict> {
    const lateMs = Math.max(0, this.clock.now() - claimed.dueAt);
    this.observations.started({ variant: claimed.job.variant, attempt: claimed.attempt, lateMs });
    if (claimed.settlement !== undefined) return this.#deliver(claimed, claimed.settlement, signal);
    const attempt = await this.closer.attempt(claimed, signal);
    if (attempt.kind !== 'settled') return attempt;
    this.#alarm(attempt.settlement);
    return this.#deliver(claimed, attempt.settlement, signal);
  }

  written({ job }: ClaimedClose, verdict: Verdict): void {
    if (verdict.kind === 'again') {
      const { afterMs, because } = verdict;
      this.observations.retried({ variant: job.variant, afterMs, because });
    }
    if (verdict.kind === 'done') {
      const lateMs = Math.max(0, this.clock.now() - job.closeAt);
      this.observations.settled({ settlement: verdict.settlement, lateMs });
    }
  }

  outrun({ job }: ClaimedClose): void {
    this.#logger.warn(
      `${inWords(job.order)} was taken over by another worker meanwhile, whose result counts: if this happens often, the process stalls, or the store's leaseMs is too short.`,
    );
  }

  async #deliver(claimed: ClaimedClose, settlement: Settlement, signal: AbortSignal): Promise<Verdict> {
    if (signal.aborted) return { kind: 'released' };
    try {
      await this.#call(this.handlers.handler, settlement, signal);
      return { kind: 'done', settlement };
    } catch (error) {
      const because = saidBy(error);
      const afterMs = pauseAfter(claimed.attempt, this.settings.retry, this.randomness.next());
      this.#logger.error(
        `The settlement handler failed for ${inWords(settlement.order)} (${settlement.state}), and is called again in ${afterMs} ms: ${because}`,
        error instanceof Error ? error.stack : undefined,
      );
      return { kind: 'again', afterMs, because, settlement };
    }
  }

  #call(handler: SettlementHandler, settlement: Settlement, signal: AbortSignal): Promise<void> {
    return callHandler(handler, settlement, signal, this.settings.handlerTimeoutMs, this.scheduler);
  }

  #alarm(settlement: Settlement): void {
    if (settlement.state !== 'GIVEN_UP') return;
    this.#logger.error(
      `${inWords(settlement.order)} was given up (${settlement.reason}) and may be open, closed or paid; when the cause is mended, call AutoCloseService.closeNow or reconcile: ${settlement.message}`,
    );
  }
}
