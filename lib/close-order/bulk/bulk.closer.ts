import { Inject, Injectable } from '@nestjs/common';
import { catchError, defer, EMPTY, from, map, mergeMap, NEVER, Observable, of, type SchedulerLike } from 'rxjs';

import { Clock } from '../../environment/clock.js';
import { Shutdown } from '../../environment/shutdown.js';
import type { OrderReference } from '../../errors/order-reference.js';
import { WECHAT_PAY_SCHEDULER } from '../../wechat-pay.constants.js';
import type { AnyCloseVariant } from '../any-close-variant.js';
import type { CloseOptions } from '../call-options.js';
import { shutDown } from '../close-errors.js';
import type { ClosedOrder } from '../closed-order.js';
import { RateLimitNotices } from '../rate-limit-notices.js';
import type { BulkCloseOptions, BulkRequest, BulkVariant } from './bulk-close.options.js';
import { BulkCourse } from './bulk-course.js';
import { type BulkEnding, type BulkOutcome, endingOf } from './bulk-outcome.js';
import type { BulkSource } from './bulk-source.js';
import { openSource } from './open-source.js';
import { Paces } from './paces.js';
import { readPlan } from './read-plan.js';

/** What closes one order and says which one a request means. */
export interface SingleCloser {
  close(variant: AnyCloseVariant, request: unknown, options: CloseOptions): Observable<ClosedOrder>;
  identify(
    variant: AnyCloseVariant,
    request: unknown,
    options: Pick<CloseOptions, 'merchant'>,
  ): Observable<OrderReference>;
}

/** Closes many orders: a few at once, at a pace that WeChat Pay bears. */
@Injectable()
export class BulkCloser {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Shutdown) private readonly shutdown: Shutdown,
    @Inject(RateLimitNotices) private readonly notices: RateLimitNotices,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Closes the orders of a source.
   *
   * @param source - of the requests
   * @param options - which variant, how many, how fast
   * @param single - that closes one
   * @returns a cold Observable; each subscription reads the source afresh
   */
  closeAll<TVariant extends BulkVariant>(
    source: BulkSource<BulkRequest<TVariant>>,
    options: BulkCloseOptions<TVariant>,
    single: SingleCloser,
  ): Observable<BulkOutcome<BulkRequest<TVariant>>> {
    return defer(() => {
      const plan = readPlan(source, options);
      return new Observable<BulkOutcome<BulkRequest<TVariant>>>((subscriber) => {
        const paces = new Paces(plan.ratePerSecond, this.clock, this.scheduler);
        const course = new BulkCourse<BulkRequest<TVariant>>(
          {
            ...plan,
            open: () => openSource(source, plan.buffer),
            close: (request, index) =>
              defer(() => {
                const { merchant, confirm } = options;
                const own = options.each?.(request, index);
                const merged = { ...(merchant && { merchant }), ...(confirm && { confirm }), ...own };
                return this.#closeOne(plan.variant, request, merged, paces, single);
              }).pipe(catchError((error: unknown) => of(endingOf(error, plan.variant.name)))),
            record: (outcome) => defer(() => from(options.record?.(outcome) ?? EMPTY)),
            isUnbegun: (ending) => ending.outcome === 'unknown' && ending.error.reason === 'shutdown',
          },
          subscriber,
        );
        subscriber.add(this.notices.merchants.subscribe((mchid) => paces.slowDown(mchid)));
        subscriber.add(this.#onShutdown(() => course.stop(SHUT_DOWN)));
        subscriber.add(() => course.leave());
        void course.run();
      });
    });
  }

  #closeOne(
    variant: AnyCloseVariant,
    request: unknown,
    options: CloseOptions,
    paces: Paces,
    single: SingleCloser,
  ): Observable<BulkEnding> {
    // The pace is the signing merchant's, and what does not hold needs no turn.
    return single.identify(variant, request, options).pipe(
      mergeMap((order) =>
        paces
          .turn(order.mchid)
          .pipe(this.shutdown.endsAtOnce(() => shutDown({ variant: variant.name, order, attempts: 0 }, false))),
      ),
      mergeMap(() => single.close(variant, request, options)),
      map((order): BulkEnding => ({ outcome: 'closed', order })),
    );
  }

  #onShutdown(stop: () => void) {
    return NEVER.pipe(this.shutdown.endsAtOnce(() => undefined)).subscribe({ error: stop });
  }
}

const SHUT_DOWN = { reason: 'shutdown', explanation: 'the application is shut down' } as const;
