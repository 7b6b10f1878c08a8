import { Inject, Injectable } from '@nestjs/common';
import {
  catchError,
  defer,
  map,
  type Observable,
  of,
  retry,
  type SchedulerLike,
  throwError,
  timeout,
  timer,
} from 'rxjs';

import { heardBy } from '../environment/ear.js';
import { Randomness } from '../environment/randomness.js';
import { Shutdown } from '../environment/shutdown.js';
import { OrderPaidError } from '../errors/order-paid.error.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import { WechatPayError } from '../errors/wechat-pay.error.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { overtime, sentBefore, shutDown } from './close-errors.js';
import { CloseFlow } from './close.flow.js';
import type { CloseVariant } from './close-variant.js';
import type { ClosedOrder } from './closed-order.js';
import type { PreparedCall } from './prepared-call.js';
import { backOff } from './retry-policy.js';
import type { PaidOrder, SettledOrder } from './settled-order.js';

const BASE_MS = 1_000;
const LONGEST_MS = 30_000;

/** Closes and asks until the order is certainly closed or certainly paid. */
@Injectable()
export class SettleFlow {
  constructor(
    @Inject(CloseFlow) private readonly flow: CloseFlow,
    @Inject(Shutdown) private readonly shutdown: Shutdown,
    @Inject(Randomness) private readonly randomness: Randomness,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Settles an order.
   *
   * @param variant - which endpoint
   * @param prepared - a request that holds
   * @param withinMs - when to give up
   * @returns a cold Observable; each subscription runs a course of its own
   */
  settle<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    prepared: PreparedCall<TComplete>,
    withinMs: number,
  ): Observable<SettledOrder> {
    return defer(() => {
      let lastError: unknown;
      /** Whether WeChat Pay may have seen a request of this call. */
      let maybeSent = false;
      const call = { variant: variant.name, order: prepared.order, attempts: 1 };
      // What a round under way does is not known, and what one before it did is not undone by one that was not sent.
      const told = (otherwise: () => unknown) =>
        lastError === undefined || (maybeSent && isUnsent(lastError)) ? otherwise() : lastError;
      const once = heardBy<ClosedOrder>((ear) => this.flow.close(variant, prepared, 'always', ear)).pipe(
        map((closed): SettledOrder => closed),
        catchError((error: unknown) =>
          error instanceof OrderPaidError ? of(paid(variant.name, error)) : throwError(() => error),
        ),
      );
      let wasSent = false;
      const round = defer(() => {
        maybeSent = true;
        return once;
      });
      const ended = () => told(() => shutDown(call, true));
      return round.pipe(
        retry({
          delay: (error: unknown, count) => {
            wasSent ||= !isUnsent(error);
            maybeSent = wasSent;
            lastError =
              wasSent && error instanceof OutcomeUnknownError && isUnsent(error) ? sentBefore(error, call) : error;
            const again = error instanceof WechatPayError && error.retryable;
            const wait = backOff(BASE_MS, LONGEST_MS, count, this.randomness.next());
            return again
              ? timer(wait, this.scheduler).pipe(this.shutdown.endsAtOnce(ended))
              : throwError(() => lastError);
          },
        }),
        this.shutdown.ends(ended),
        timeout({
          first: withinMs,
          scheduler: this.scheduler,
          with: () => throwError(() => told(() => overtime(withinMs, call))),
        }),
      );
    });
  }
}

function isUnsent(error: unknown): boolean {
  return error instanceof OutcomeUnknownError && error.phase === 'notSent';
}

function paid(variant: string, { order, attempts, transaction }: OrderPaidError): PaidOrder {
  return { state: 'PAID', variant, order, attempts, ...(transaction && { transaction }) };
}
