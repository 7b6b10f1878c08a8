import { Inject, Injectable, Logger } from '@nestjs/common';
import { catchError, firstValueFrom, fromEvent, map, merge, mergeMap, of, take } from 'rxjs';

import { CloseOrderService } from '../../close-order/close-order.service.js';
import { Clock } from '../../environment/clock.js';
import { Randomness } from '../../environment/randomness.js';
import { AutoCloseSettings } from '../configuration/auto-close-settings.js';
import { InvalidRequestError } from '../../errors/invalid-request.error.js';
import { closeIdOf } from '../scheduling/close-id.js';
import type { ClaimedClose, Verdict } from '../scheduling/close-work.js';
import type { GiveUpReason, Settlement } from '../settlement.js';
import { VariantRegistry } from '../variants/variant.registry.js';
import { pauseAfter } from './back-off.js';
import { judgeError } from './judge-error.js';
import { saidBy } from './said-by.js';
import { givenUp, notFound, settlementOf } from './settlement-of.js';

/** How long a request that does not hold here is left to other instances: during a roll-out, some lack a merchant. */
const ROLL_OUT_MS = 3_600_000;

/** What one attempt found out: what became of the order, or when to try again. */
export type Attempt =
  { readonly kind: 'settled'; readonly settlement: Settlement } | Exclude<Verdict, { kind: 'done' }>;

/** Makes one attempt to settle an order. It trusts nothing but what `CloseOrderService.settle` proves. */
@Injectable()
export class OrderCloser {
  readonly #logger = new Logger('AutoClose');

  constructor(
    @Inject(CloseOrderService) private readonly closeOrder: CloseOrderService,
    @Inject(VariantRegistry) private readonly variants: VariantRegistry,
    @Inject(AutoCloseSettings) private readonly settings: AutoCloseSettings,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Randomness) private readonly randomness: Randomness,
  ) {}

  /**
   * Closes an order and asks what became of it.
   *
   * @param claimed - the job
   * @param signal - ends it
   */
  async attempt(claimed: ClaimedClose, signal: AbortSignal): Promise<Attempt> {
    const { job } = claimed;
    const variant = this.variants.find(job.variant);
    if (variant === undefined) {
      // An instance that is newer may have scheduled it, and can close it.
      const known = this.variants.names.join(', ');
      return this.#again(claimed, `The variant ${job.variant} is not known here; there are ${known}.`);
    }
    const { settleWithinMs: withinMs } = this.settings;
    const merchant = job.order.mchid && { merchant: job.order.mchid };
    const options = { withinMs, createdAt: job.createdAt, ...merchant };
    const settled = this.closeOrder.identify(variant, job.request, { ...merchant }).pipe(
      mergeMap((order) => {
        // The handler is told of the order that the record names, so no other may be the one that is closed.
        if (closeIdOf(order) === job.id && closeIdOf(job.order) === job.id) {
          return this.closeOrder.settle(variant, job.request, options);
        }
        const rule = `names another order than ${job.id}, under which it is stored; the store or the variant was changed`;
        throw new InvalidRequestError([{ field: 'request', rule }], { variant: job.variant, order: job.order });
      }),
      map((order): Attempt => ({ kind: 'settled', settlement: settlementOf(order, claimed, this.clock.now()) })),
      catchError((error: unknown) => of(this.#judge(claimed, error))),
    );
    const aborted = fromEvent(signal, 'abort').pipe(map((): Attempt => ({ kind: 'released' })));
    return signal.aborted ? { kind: 'released' } : firstValueFrom(merge(settled, aborted).pipe(take(1)));
  }

  #judge(claimed: ClaimedClose, error: unknown): Attempt {
    const meaning = judgeError(error);
    const now = this.clock.now();
    const message = saidBy(error);
    switch (meaning.kind) {
      case 'shutdown':
        return { kind: 'released' };
      case 'giveUp':
        return meaning.reason === 'invalidRequest' && now - claimed.since < ROLL_OUT_MS
          ? this.#leave(claimed, message)
          : this.#giveUp(claimed, meaning.reason, message);
      case 'notFound': {
        const believableAt = claimed.job.scheduledAt + this.settings.notFoundAfterMs;
        if (now >= believableAt) return { kind: 'settled', settlement: notFound(claimed, now) };
        return this.#again(claimed, message, believableAt - now);
      }
      case 'again':
        return this.#again(claimed, message, meaning.leastMs, meaning.notBefore);
    }
  }

  #again(claimed: ClaimedClose, because: string, leastMs = 0, notBefore = 0): Attempt {
    const now = this.clock.now();
    const { giveUpAfterMs, retry } = this.settings;
    if (now - claimed.since >= giveUpAfterMs) return this.#giveUp(claimed, 'unsettled', because);
    const pause = pauseAfter(claimed.attempt, retry, this.randomness.next());
    const afterMs = Math.max(pause, Math.min(leastMs, retry.maxMs), notBefore - now);
    return { kind: 'again', afterMs, because };
  }

  #leave(claimed: ClaimedClose, message: string): Attempt {
    if (claimed.attempt === 1) {
      this.#logger.error(
        `${claimed.job.id} cannot be closed by this instance, and is tried for an hour in case another can: ${message}`,
      );
    }
    return this.#again(claimed, message);
  }

  #giveUp(claimed: ClaimedClose, reason: GiveUpReason, message: string): Attempt {
    return { kind: 'settled', settlement: givenUp(claimed, this.clock.now(), reason, message) };
  }
}
